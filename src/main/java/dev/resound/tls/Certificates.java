package dev.resound.tls;

import dev.resound.io.FileWatch;
import dev.resound.setting.InvalidSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate in use. While the service runs, a change of its files is taken up once certificate and key have settled. Content that
 * cannot be used is checked again after each read, because time alone can make it valid: a certificate that is not valid yet is used as
 * soon as it is.
 */
public final class Certificates {

    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private final Vertx vertx;
    private final Supplier<PemFile.All> reader;
    private final InstantSource clock;
    /** The content that {@link #inUse} was made from. */
    private PemFile.All files;

    private volatile KeyMaterial inUse;

    private Certificates(Vertx vertx, Supplier<PemFile.All> reader, InstantSource clock) {
        this.vertx = vertx;
        this.reader = reader;
        this.clock = clock;
        this.files = reader.get();
        this.inUse = KeyMaterial.of(files, clock.instant());
        log("TLS certificate in use", inUse.certificate());
    }

    /**
     * Reads the files; blocks.
     *
     * @return empty if the settings name no files
     * @throws InvalidSettings naming every rule that the files break
     */
    public static Optional<Certificates> load(Vertx vertx, TlsSettings settings) {
        return settings.on()
                ? Optional.of(load(vertx, () -> PemFile.All.read(settings), InstantSource.system()))
                : Optional.empty();
    }

    static Certificates load(Vertx vertx, Supplier<PemFile.All> reader, InstantSource clock) {
        return new Certificates(vertx, reader, clock);
    }

    /**
     * Checks the files; blocks.
     *
     * @throws InvalidSettings naming every rule that the files break
     */
    public static void check(TlsSettings settings) {
        if (settings.on()) {
            KeyMaterial.of(PemFile.All.read(settings), Instant.now());
        }
    }

    /** The options for starting a server. */
    public ServerSSLOptions options() {
        return inUse.options();
    }

    /** When the certificate in use expires. Thread-safe. */
    public Instant expiry() {
        return inUse.certificate().getNotAfter().toInstant();
    }

    /**
     * Starts to watch the files, on the caller's context and until that ends.
     *
     * @param takeUp makes the server use another certificate from its next connection on
     * @param onRefusal runs once for each new content of the files that cannot be used
     */
    public void follow(Function<ServerSSLOptions, Future<?>> takeUp, Runnable onRefusal) {
        follow(takeUp, onRefusal, FileWatch.Pace.DEFAULT);
    }

    void follow(Function<ServerSSLOptions, Future<?>> takeUp, Runnable onRefusal, FileWatch.Pace pace) {
        var reload = new Reload(takeUp, onRefusal);
        FileWatch.start(
                vertx,
                "TLS certificate files",
                () -> vertx.executeBlocking(reader::get).map(Objects::requireNonNull),
                reload::check,
                pace);
    }

    /** Replaces the certificate in use when the files change. */
    private final class Reload {

        private final Function<ServerSSLOptions, Future<?>> takeUp;
        private final Runnable onRefusal;

        /** The content that was refused last, and the reason. */
        private PemFile.@Nullable All refused;

        private String reason = "";
        private boolean expired;

        Reload(Function<ServerSSLOptions, Future<?>> takeUp, Runnable onRefusal) {
            this.takeUp = takeUp;
            this.onRefusal = onRefusal;
        }

        Future<?> check(PemFile.All current) {
            reportExpiry();
            if (current.equals(files)) {
                refused = null;
                return Future.succeededFuture();
            }
            return vertx.executeBlocking(() -> KeyMaterial.of(current, clock.instant()))
                    .compose(made -> {
                        KeyMaterial material = Objects.requireNonNull(made);
                        return takeUp.apply(material.options()).map(done -> material);
                    })
                    .compose(
                            material -> {
                                use(current, material);
                                return Future.succeededFuture();
                            },
                            problem -> {
                                refuse(current, problem);
                                return Future.succeededFuture();
                            });
        }

        private void use(PemFile.All changed, KeyMaterial material) {
            files = changed;
            inUse = material;
            refused = null;
            log("TLS certificate changed", material.certificate());
        }

        /** Counts each content once, and logs each reason once. */
        private void refuse(PemFile.All changed, Throwable problem) {
            boolean again = changed.equals(refused);
            if (again && problem.toString().equals(reason)) {
                return;
            }
            refused = changed;
            reason = problem.toString();
            logRefusal(problem);
            if (!again) {
                onRefusal.run();
            }
        }

        private void reportExpiry() {
            boolean now = !clock.instant().isBefore(expiry());
            if (now && !expired) {
                log.atError().addKeyValue("expired", expiry()).log("TLS certificate in use has expired");
            }
            expired = now;
        }
    }

    private static void logRefusal(Throwable problem) {
        if (problem instanceof InvalidSettings unfit) {
            unfit.violations()
                    .forEach(violation -> log.atError()
                            .addKeyValue("file", violation.found())
                            .addKeyValue("problem", violation.rule())
                            .log("TLS certificate refused, the old one stays in use"));
        } else {
            log.error("TLS certificate refused, the old one stays in use", problem);
        }
    }

    private static void log(String message, X509Certificate certificate) {
        log.atInfo()
                .addKeyValue("subject", certificate.getSubjectX500Principal().getName())
                .addKeyValue("serial", certificate.getSerialNumber().toString(16))
                .addKeyValue("sha256", fingerprint(certificate))
                .addKeyValue("expires", certificate.getNotAfter().toInstant())
                .log(message);
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was decoded can be encoded", e);
        }
    }
}
