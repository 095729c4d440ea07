package dev.resound.tls;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.io.FileWatch;
import dev.resound.setting.InvalidSettings;
import dev.resound.test.CapturedLog;
import dev.resound.test.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The files are followed in all the ways in which they change. */
@ExtendWith(VertxExtension.class)
class CertificatesTest {

    private static final FileWatch.Pace QUICK = new FileWatch.Pace(Duration.ofMillis(20), Duration.ofMillis(100));

    @TempDir
    private static Path made;

    private static TestCertificate first;
    private static TestCertificate second;

    @TempDir
    private Path folder;

    private final CapturedLog log = new CapturedLog(Certificates.class);
    private final List<ServerSSLOptions> takenUp = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private TlsSettings settings = TlsSettings.OFF;

    @BeforeAll
    static void make() throws IOException {
        first = TestCertificate.ec(Files.createDirectory(made.resolve("first")), "first");
        second = TestCertificate.ec(Files.createDirectory(made.resolve("second")), "second");
    }

    /** As Kubernetes mounts a Secret. */
    @BeforeEach
    void mount() throws IOException {
        Files.createSymbolicLink(folder.resolve("..data"), Path.of(version("..1", first, first)));
        for (String file : List.of("tls.crt", "tls.key")) {
            Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
        }
        settings = new TlsSettings(
                folder.resolve("tls.crt").toString(), folder.resolve("tls.key").toString(), "");
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void without_a_certificate_there_is_nothing_to_load(Vertx vertx) {
        assertThat(Certificates.load(vertx, TlsSettings.OFF)).isEmpty();
    }

    @Test
    void it_says_what_is_in_use(Vertx vertx) {
        Certificates certificates = Certificates.load(vertx, settings).orElseThrow();
        assertThat(certificates.expiry())
                .isEqualTo(first.certificate().getNotAfter().toInstant());
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("INFO TLS certificate in use subject=CN=first serial=")
                .contains(" sha256=")
                .endsWith(" expires=" + certificates.expiry());
    }

    @Test
    void a_broken_one_cannot_be_loaded(Vertx vertx) throws IOException {
        Files.delete(folder.resolve("tls.key"));
        assertThatThrownBy(() -> Certificates.load(vertx, settings)).isInstanceOf(InvalidSettings.class);
        assertThatThrownBy(() -> Certificates.check(settings)).isInstanceOf(InvalidSettings.class);
    }

    @Test
    void a_secret_that_swaps_its_link_is_taken_up(Vertx vertx) throws IOException {
        Certificates certificates = follow(vertx);

        swap(version("..2", second, second));

        await("the change is seen").until(() -> log.lines().size() == 2);
        assertThat(log.lines().getLast()).startsWith("INFO TLS certificate changed subject=CN=second ");
        assertThat(takenUp).hasSize(1);
        assertThat(certificates.expiry())
                .isEqualTo(second.certificate().getNotAfter().toInstant());
    }

    @Test
    void a_key_that_is_written_after_its_certificate_is_waited_for(Vertx vertx) throws Exception {
        follow(vertx);

        Files.writeString(folder.resolve("tls.crt"), second.certificateText());
        vertx.timer(50).await();
        Files.writeString(folder.resolve("tls.key"), second.keyText());

        await("the change is seen").until(() -> log.lines().size() > 1);
        assertThat(log.lines().getLast()).startsWith("INFO TLS certificate changed subject=CN=second ");
    }

    @Test
    void a_broken_change_leaves_the_old_one_in_use_and_says_so_once(Vertx vertx) throws IOException {
        Certificates certificates = follow(vertx);

        swap(version("..2", second, first));

        await("the change is seen").until(() -> log.lines().size() == 2);
        vertx.timer(400).await();
        assertThat(log.lines()).hasSize(2);
        assertThat(log.lines().getLast())
                .isEqualTo("ERROR TLS certificate refused, the old one stays in use file=" + settings.key()
                        + " problem=must hold the private key of the first certificate in http.tls.certificate");
        assertThat(takenUp).isEmpty();
        assertThat(refusals).hasValue(1);
        assertThat(certificates.expiry())
                .isEqualTo(first.certificate().getNotAfter().toInstant());
    }

    @Test
    void after_a_broken_change_a_good_one_is_taken_up(Vertx vertx) throws IOException {
        follow(vertx);
        swap(version("..2", second, first));
        await("the change is seen").until(() -> log.lines().size() == 2);

        swap(version("..3", second, second));

        await("the change is seen").until(() -> log.lines().size() == 3);
        assertThat(log.lines().getLast()).startsWith("INFO TLS certificate changed subject=CN=second ");
    }

    @Test
    void one_that_the_server_cannot_use_leaves_the_old_one_in_use(Vertx vertx) throws IOException {
        Certificates certificates = Certificates.load(vertx, settings).orElseThrow();
        certificates.follow(options -> Future.failedFuture("no"), refusals::incrementAndGet, QUICK);

        swap(version("..2", second, second));

        await("the change is seen").until(() -> log.lines().size() == 2);
        assertThat(log.lines().getLast()).startsWith("ERROR TLS certificate refused, the old one stays in use");
        assertThat(certificates.expiry())
                .isEqualTo(first.certificate().getNotAfter().toInstant());
    }

    // What only the time changes.

    @Test
    void one_that_is_not_valid_yet_is_taken_up_when_it_is(Vertx vertx) throws IOException {
        TestCertificate future = TestCertificate.make(
                Files.createDirectory(folder.resolve("future")), "future", "-keyalg", "EC", "-startdate", "+1d");
        var now = new AtomicReference<>(Instant.now());
        Certificates certificates = followAt(now, vertx);

        swap(version("..2", future, future));

        await("the change is seen").until(() -> log.lines().size() == 2);
        vertx.timer(300).await();
        assertThat(log.lines()).hasSize(2);
        assertThat(log.lines().getLast())
                .startsWith("ERROR TLS certificate refused, the old one stays in use file=" + settings.certificate())
                .contains("must hold a certificate that is valid now; this one is from ");
        assertThat(refusals).hasValue(1);
        assertThat(takenUp).isEmpty();

        now.set(future.certificate().getNotBefore().toInstant());

        await("the change is seen").until(() -> log.lines().size() == 3);
        assertThat(log.lines().getLast()).startsWith("INFO TLS certificate changed subject=CN=future ");
        assertThat(certificates.expiry())
                .isEqualTo(future.certificate().getNotAfter().toInstant());
        assertThat(refusals).hasValue(1);
    }

    @Test
    void the_end_of_the_one_in_use_is_told_once_and_the_next_one_is_still_taken_up(Vertx vertx) throws IOException {
        var now = new AtomicReference<>(Instant.now());
        Certificates certificates = followAt(now, vertx);

        now.set(certificates.expiry());
        await("the change is seen").until(() -> log.lines().size() == 2);
        vertx.timer(200).await();
        assertThat(log.lines()).hasSize(2);
        assertThat(log.lines().getLast())
                .isEqualTo("ERROR TLS certificate in use has expired expired=" + certificates.expiry());
        assertThat(refusals).hasValue(0);

        swap(version("..2", second, second)); // Ends at about the same time.
        now.set(Instant.now());
        await("the change is seen").until(() -> log.lines().size() == 3);
        assertThat(log.lines().getLast()).startsWith("INFO TLS certificate changed subject=CN=second ");
    }

    @Test
    void files_that_are_missing_for_a_while_are_counted_once_and_followed_again(Vertx vertx) throws IOException {
        follow(vertx);
        Path data = folder.resolve("..data");
        Files.delete(data);
        await("the change is seen").until(() -> log.lines().size() == 3);
        assertThat(log.lines().getLast()).endsWith("problem=must name a file that exists");
        assertThat(refusals).hasValue(1);

        Files.createSymbolicLink(data, Path.of("..1"));
        vertx.timer(300).await();
        assertThat(log.lines()).hasSize(3);
        assertThat(takenUp).isEmpty();

        Files.writeString(folder.resolve("tls.crt"), "x".repeat(1024 * 1024 + 1));
        await("the change is seen").until(() -> log.lines().size() == 4);
        assertThat(log.lines().getLast()).endsWith("problem=must name a file of at most 1 MiB");
        assertThat(refusals).hasValue(2);

        swap(version("..2", second, second));
        await("the change is seen").until(() -> log.lines().size() == 5);
        assertThat(log.lines().getLast()).startsWith("INFO TLS certificate changed subject=CN=second ");
        assertThat(refusals).hasValue(2);
    }

    // What goes wrong while it looks.

    @Test
    void a_failed_read_is_logged_once_and_repeated(Vertx vertx) throws IOException {
        var broken = new AtomicBoolean();
        Certificates certificates = Certificates.load(
                vertx,
                () -> {
                    if (broken.get()) {
                        throw new IllegalStateException("on purpose");
                    }
                    return PemFile.All.read(settings);
                },
                InstantSource.system());
        certificates.follow(options -> Future.succeededFuture(), refusals::incrementAndGet, QUICK);

        try (var problems = new CapturedLog(FileWatch.class)) {
            broken.set(true);
            await("the change is seen").until(() -> !problems.lines().isEmpty());
            vertx.timer(200).await();
            assertThat(problems.lines()).containsExactly("ERROR cannot check TLS certificate files; retrying");
        }

        broken.set(false);
        swap(version("..2", second, second));
        await("the change is seen").until(() -> log.lines().size() == 2);
        assertThat(log.lines().getLast()).startsWith("INFO TLS certificate changed subject=CN=second ");
    }

    @Test
    void one_that_the_server_could_not_use_is_tried_again(Vertx vertx) throws IOException {
        var tries = new AtomicInteger();
        Certificates certificates = Certificates.load(vertx, settings).orElseThrow();
        certificates.follow(
                options -> {
                    if (tries.incrementAndGet() < 4) {
                        throw new IllegalStateException("on purpose");
                    }
                    return Future.succeededFuture();
                },
                refusals::incrementAndGet,
                QUICK);

        swap(version("..2", second, second));

        await("the change is seen").until(() -> log.lines().size() == 3);
        assertThat(log.lines().get(1)).isEqualTo("ERROR TLS certificate refused, the old one stays in use");
        assertThat(log.lines().getLast()).startsWith("INFO TLS certificate changed subject=CN=second ");
        assertThat(tries).hasValue(4);
        assertThat(refusals).hasValue(1);
    }

    private Certificates follow(Vertx vertx) {
        Certificates certificates = Certificates.load(vertx, settings).orElseThrow();
        certificates.follow(
                options -> {
                    takenUp.add(options);
                    return Future.succeededFuture();
                },
                refusals::incrementAndGet,
                QUICK);
        return certificates;
    }

    /** Content that is valid from a time on. */
    private Certificates followAt(AtomicReference<Instant> now, Vertx vertx) {
        Certificates certificates = Certificates.load(vertx, () -> PemFile.All.read(settings), now::get);
        certificates.follow(
                options -> {
                    takenUp.add(options);
                    return Future.succeededFuture();
                },
                refusals::incrementAndGet,
                QUICK);
        return certificates;
    }

    private String version(String name, TestCertificate certificate, TestCertificate key) throws IOException {
        Path version = Files.createDirectory(folder.resolve(name));
        Files.writeString(version.resolve("tls.crt"), certificate.certificateText());
        Files.writeString(version.resolve("tls.key"), key.keyText());
        return name;
    }

    private void swap(String version) throws IOException {
        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
        Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }
}
