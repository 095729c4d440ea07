package dev.resound.tls;

import dev.resound.setting.InvalidSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
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
 * The certificate in use. While the service runs, new content of its files is taken up: the files are read every two seconds,
 * so that it also follows a Kubernetes Secret, which swaps a link. A change has to stay for a moment, because certificate and
 * key are never written at the same time. Content that cannot be used is checked again each time, since the time alone can
 * make it good: a certificate that is not valid yet is used as soon as it is.
 */
public final class Certificates {

    /**
     * How often the files are read.
     *
     * @param period between two looks at the files
     * @param settling how long a change has to stay
     */
    record Pace(Duration period, Duration settling) {

        static final Pace USUAL = new Pace(Duration.ofSeconds(2), Duration.ofMillis(200));
    }

    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private final Vertx vertx;
    private final Supplier<PemFiles> reader;
    private final InstantSource clock;
    /** The content that {@link #inUse} was made of. */
    private PemFiles files;

    private volatile KeyMaterial inUse;

    private Certificates(Vertx vertx, Supplier<PemFiles> reader, InstantSource clock) {
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
     * @return empty if the settings name none
     * @throws InvalidSettings naming every rule that the files break
     */
    public static Optional<Certificates> load(Vertx vertx, TlsSettings settings) {
        return settings.on()
                ? Optional.of(load(vertx, () -> PemFiles.read(settings), InstantSource.system()))
                : Optional.empty();
    }

    static Certificates load(Vertx vertx, Supplier<PemFiles> reader, InstantSource clock) {
        return new Certificates(vertx, reader, clock);
    }

    /**
     * Checks the files; blocks.
     *
     * @throws InvalidSettings naming every rule that they break
     */
    public static void check(TlsSettings settings) {
        if (settings.on()) {
            KeyMaterial.of(PemFiles.read(settings), Instant.now());
        }
    }

    /** The options to start a server with. */
    public ServerSSLOptions options() {
        return inUse.options();
    }

    /** When the certificate in use ends; any thread may ask. */
    public Instant expiry() {
        return inUse.certificate().getNotAfter().toInstant();
    }

    /**
     * Begins to watch the files, on the caller's context and until that ends.
     *
     * @param takeUp makes the server use another certificate from its next connection on
     * @param onRefusal runs once for each new content of the files that cannot be used
     */
    public void follow(Function<ServerSSLOptions, Future<?>> takeUp, Runnable onRefusal) {
        follow(takeUp, onRefusal, Pace.USUAL);
    }

    void follow(Function<ServerSSLOptions, Future<?>> takeUp, Runnable onRefusal, Pace pace) {
        new Watch(takeUp, onRefusal, pace).lookAfter(pace.period());
    }

    /** Looks at the files again and again, whatever happens. */
    private final class Watch {

        private final Function<ServerSSLOptions, Future<?>> takeUp;
        private final Runnable onRefusal;
        private final Pace pace;

        /** The files as they were read last. */
        private PemFiles seen = files;
        /** The content that was refused last, and why. */
        private @Nullable PemFiles refused;

        private String reason = "";
        /** Why the last look that failed did so. */
        private String failure = "";

        private boolean expired;

        Watch(Function<ServerSSLOptions, Future<?>> takeUp, Runnable onRefusal, Pace pace) {
            this.takeUp = takeUp;
            this.onRefusal = onRefusal;
            this.pace = pace;
        }

        void lookAfter(Duration delay) {
            vertx.setTimer(
                    delay.toMillis(),
                    due -> Future.succeededFuture()
                            .compose(go -> vertx.executeBlocking(reader::get))
                            .compose(read -> look(Objects.requireNonNull(read)))
                            .onComplete(next -> {
                                lookAfter(next.succeeded() ? next.result() : pace.period());
                                if (next.failed()) {
                                    report(next.cause());
                                }
                            }));
        }

        /** Completes with the time until the next look. */
        private Future<Duration> look(PemFiles now) {
            reportExpiry();
            boolean settled = now.equals(seen);
            seen = now;
            if (now.equals(files)) {
                refused = null;
                return Future.succeededFuture(pace.period());
            }
            return settled ? judge(now).map(pace.period()) : Future.succeededFuture(pace.settling());
        }

        private Future<?> judge(PemFiles changed) {
            return vertx.executeBlocking(() -> KeyMaterial.of(changed, clock.instant()))
                    .compose(made -> {
                        KeyMaterial good = Objects.requireNonNull(made);
                        return takeUp.apply(good.options()).map(done -> good);
                    })
                    .compose(
                            good -> {
                                use(changed, good);
                                return Future.succeededFuture();
                            },
                            problem -> {
                                refuse(changed, problem);
                                return Future.succeededFuture();
                            });
        }

        private void use(PemFiles changed, KeyMaterial good) {
            files = changed;
            inUse = good;
            refused = null;
            log("TLS certificate changed", good.certificate());
        }

        /** Counts each content once, and logs each reason once. */
        private void refuse(PemFiles changed, Throwable problem) {
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

        private void report(Throwable problem) {
            if (!problem.toString().equals(failure)) {
                failure = problem.toString();
                log.error("TLS certificate files could not be checked; they are checked again", problem);
            }
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
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }
}
