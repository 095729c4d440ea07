package dev.resound.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A TLS connection has the time of a plain one, from its accept to the end of its first request. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArrivalDeadlineTest {

    private static final long TIMEOUT_MILLIS = 1000;

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;
    private static RunningResound resound;

    @BeforeAll
    static void start() {
        certificate = TestCertificate.ec(directory, "resound");
        resound = RunningResound.start(certificate.settings("websocket.handshake-timeout", TIMEOUT_MILLIS + "ms"));
    }

    @AfterAll
    static void stop() {
        if (resound != null) {
            resound.close();
        }
    }

    @Test
    void a_client_that_says_nothing_is_cut() {
        long start = System.nanoTime();
        try (WireClient client = WireClient.tcp(resound.port())) {
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(millisSince(start)).isBetween(TIMEOUT_MILLIS - 100, 10 * TIMEOUT_MILLIS);
    }

    @Test
    void a_handshake_that_drips_is_cut() {
        try (WireClient client = WireClient.tcp(resound.port())) {
            client.send(new byte[] {0x16, 3, 1, 2, 0, 1});
            client.readToEnd();
        }
    }

    @Test
    void silence_after_the_handshake_is_ended_with_408() {
        try (WireClient client = WireClient.tls(resound.port(), certificate.client())) {
            assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void the_time_of_the_handshake_counts() throws Exception {
        long start = System.nanoTime();
        try (WireClient tcp = WireClient.tcp(resound.port())) {
            Thread.sleep(TIMEOUT_MILLIS * 3 / 5);
            WireClient client = tcp.startTls(certificate.client());
            assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408 ");
        }
        // With a deadline of its own for each, it would be longer by the three fifths.
        assertThat(millisSince(start)).isBetween(TIMEOUT_MILLIS - 100, TIMEOUT_MILLIS * 3 / 2);
    }

    @Test
    void silence_before_the_first_frame_of_http2_is_cut() throws IOException {
        try (RawHttp2 http = RawHttp2.connect(resound.port(), certificate.client())) {
            assertThat(http.ends()).isTrue();
        }
    }

    @Test
    void a_preface_of_http2_that_drips_is_cut() throws Exception {
        long start = System.nanoTime();
        try (RawHttp2 http = RawHttp2.connect(resound.port(), certificate.client())) {
            for (byte octet : RawHttp2.preface()) {
                http.sendBytes(new byte[] {octet});
                Thread.sleep(TIMEOUT_MILLIS / 10);
            }
            assertThat(http.ends()).isTrue();
        } catch (IOException cut) {
            // Already while it was sent.
        }
        assertThat(millisSince(start)).isLessThan(5 * TIMEOUT_MILLIS);
    }

    @Test
    void a_websocket_may_stay_silent() {
        try (WireClient client =
                WireClient.tls(resound.port(), certificate.client()).handshake()) {
            client.expectSilence(Duration.ofMillis(3 * TIMEOUT_MILLIS));
        }
    }

    @Test
    void where_one_comes_too_many_the_one_that_has_waited_the_longest_goes() {
        WaitingRoom.open(() -> 2);
        EmbeddedChannel eldest = new EmbeddedChannel(new ArrivalDeadline(Duration.ofHours(1)));
        EmbeddedChannel second = new EmbeddedChannel(new ArrivalDeadline(Duration.ofHours(1)));
        assertThat(eldest.isOpen()).isTrue();
        assertThat(ArrivalDeadline.leave(second.pipeline()))
                .hasValueSatisfying(left -> assertThat(left).isBetween(Duration.ofMinutes(59), Duration.ofHours(1)));
        new EmbeddedChannel(new ArrivalDeadline(Duration.ofHours(1)));
        assertThat(eldest.isOpen()).isTrue();
        new EmbeddedChannel(new ArrivalDeadline(Duration.ofHours(1)));
        assertThat(eldest.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
