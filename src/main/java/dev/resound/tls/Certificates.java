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
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate in use, and the watch over its files: what is renewed is taken up while the service runs. The files are read
 * every two seconds rather than asked for their dates, so that it follows a Kubernetes Secret, which swaps a link. A change
 * has to stay for a moment, as certificate and key are never written at the same time.
 */
public final class Certificates {

    /**
     * How fast the watch goes.
     *
     * @param period between two looks at the files
     * @param settling how long a change has to stay
     */
    record Pace(Duration period, Duration settling) {

        static final Pace USUAL = new Pace(Duration.ofSeconds(2), Duration.ofMillis(200));
    }

    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    private final Vertx vertx;
    private final TlsSettings settings;
    private volatile KeyMaterial inUse;
    /** What was taken up or refused last. */
    private PemFiles judged;

    private Certificates(Vertx vertx, TlsSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.judged = PemFiles.read(settings);
        this.inUse = KeyMaterial.of(vertx, judged);
    }

    /**
     * Reads the files; blocks.
     *
     * @return empty where the settings name none
     * @throws InvalidSettings naming every rule that they break
     */
    public static Optional<Certificates> load(Vertx vertx, TlsSettings settings) {
        if (!settings.on()) {
            return Optional.empty();
        }
        var certificates = new Certificates(vertx, settings);
        log("TLS certificate in use", certificates.inUse.certificate());
        return Optional.of(certificates);
    }

    /**
     * The rules for the files; blocks.
     *
     * @throws InvalidSettings naming every rule that they break
     */
    public static void check(Vertx vertx, TlsSettings settings) {
        if (settings.on()) {
            KeyMaterial.of(vertx, PemFiles.read(settings));
        }
    }

    /** What a server is started with. */
    public ServerSSLOptions options() {
        return inUse.options();
    }

    /** When the certificate in use ends; any thread may ask. */
    public Instant expiry() {
        return inUse.certificate().getNotAfter().toInstant();
    }

    /**
     * Begins to watch, on the caller's context and until that ends.
     *
     * @param takeUp has the server use another certificate from its next connection on
     */
    public void follow(Function<ServerSSLOptions, Future<?>> takeUp) {
        follow(takeUp, Pace.USUAL);
    }

    void follow(Function<ServerSSLOptions, Future<?>> takeUp, Pace pace) {
        lookAfter(pace.period(), judged, takeUp, pace);
    }

    private void lookAfter(Duration time, PemFiles before, Function<ServerSSLOptions, Future<?>> takeUp, Pace pace) {
        vertx.setTimer(
                time.toMillis(),
                due -> vertx.executeBlocking(() -> PemFiles.read(settings)).onSuccess(read -> {
                    PemFiles now = Objects.requireNonNull(read);
                    if (now.equals(judged)) {
                        lookAfter(pace.period(), now, takeUp, pace);
                    } else if (!now.equals(before)) {
                        lookAfter(pace.settling(), now, takeUp, pace);
                    } else {
                        judge(now, takeUp).onComplete(judgement -> lookAfter(pace.period(), now, takeUp, pace));
                    }
                }));
    }

    private Future<?> judge(PemFiles changed, Function<ServerSSLOptions, Future<?>> takeUp) {
        judged = changed;
        return vertx.executeBlocking(() -> KeyMaterial.of(vertx, changed))
                .compose(made -> {
                    KeyMaterial fit = Objects.requireNonNull(made);
                    return takeUp.apply(fit.options()).onSuccess(done -> {
                        inUse = fit;
                        log("TLS certificate changed", fit.certificate());
                    });
                })
                .onFailure(Certificates::refuse);
    }

    private static void refuse(Throwable failure) {
        if (failure instanceof InvalidSettings unfit) {
            unfit.violations()
                    .forEach(violation -> log.atError()
                            .addKeyValue("file", violation.found())
                            .addKeyValue("problem", violation.rule())
                            .log("TLS certificate refused, the old one stays in use"));
        } else {
            log.error("TLS certificate refused, the old one stays in use", failure);
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
