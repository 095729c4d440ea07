package dev.resound.http.netty;

import static dev.resound.test.Waiting.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.HttpReply;
import dev.resound.test.RawHttp2;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A TLS connection has the time of a plain one, from its accept to the end of its first request. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArrivalGateTest {

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
    void silence_after_the_handshake_ends_without_a_byte() {
        try (WireClient client = WireClient.tls(resound.port(), certificate.client())) {
            client.expectEnd();
        }
    }

    @Test
    void half_a_request_after_the_handshake_gets_408() {
        try (WireClient client =
                WireClient.tls(resound.port(), certificate.client()).send("GET / HT")) {
            assertThat(HttpReply.all(client.readToEnd()))
                    .singleElement()
                    .satisfies(reply -> assertThat(reply.status()).isEqualTo(408));
        }
    }

    @Test
    void the_time_of_the_handshake_counts() throws Exception {
        long start = System.nanoTime();
        try (WireClient tcp = WireClient.tcp(resound.port())) {
            pause(Duration.ofMillis(TIMEOUT_MILLIS * 3 / 5));
            tcp.startTls(certificate.client()).expectEnd();
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
                pause(Duration.ofMillis(TIMEOUT_MILLIS / 10));
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

    /** A connection on an event loop of the test's own, whose handler stands for TLS. */
    private static EmbeddedChannel accepted(ConnectionGuard guard) {
        var channel = new EmbeddedChannel();
        channel.pipeline().addLast("tls", new ChannelInboundHandlerAdapter());
        ArrivalGate.install(channel.pipeline(), "tls", guard);
        return channel;
    }

    private static ConnectionGuard guard(int places) {
        return ConnectionGuard.ofPort(new ConnectionGuard.Rules(
                () -> Duration.ofHours(1), () -> places, () -> false, () -> false, false, true));
    }

    @Test
    void where_there_is_no_room_the_eldest_connection_ends() {
        ConnectionGuard guard = guard(2);
        EmbeddedChannel eldest = accepted(guard);
        EmbeddedChannel second = accepted(guard);
        assertThat(eldest.isOpen()).isTrue();
        EmbeddedChannel third = accepted(guard);
        assertThat(eldest.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(third.isOpen()).isTrue();
        assertThat(guard.waiting()).isEqualTo(2);
    }

    @Test
    void what_is_left_of_the_time_goes_to_the_next_gate_with_the_place() {
        ConnectionGuard guard = guard(2);
        EmbeddedChannel channel = accepted(guard);
        assertThat(ArrivalGate.leave(channel.pipeline()))
                .hasValueSatisfying(left -> assertThat(left).isBetween(Duration.ofMinutes(59), Duration.ofHours(1)));
        assertThat(guard.waiting()).isZero();
        assertThat(ArrivalGate.leave(channel.pipeline())).isEmpty();
    }

    @Test
    void a_connection_that_ends_gives_its_place_back() {
        ConnectionGuard guard = guard(2);
        accepted(guard).close();
        assertThat(guard.waiting()).isZero();
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
