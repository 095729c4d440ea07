package dev.resound.websocket;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of end is reported once, with its cause and its code. */
@OnEveryTransport
@Timeout(60)
record CloseCausesTest(TestTransport transport) {

    private static final String FEED = "Sec-WebSocket-Protocol: resound.telemetry.v1";
    private static final int SMALL_BUFFER = 8 * 1024;
    private static final byte[] MUCH = binary(new byte[1 << 20]).bytes();

    /** The switch must have a case for each cause to compile. */
    @ParameterizedTest
    @EnumSource
    void every_cause_is_reported_with_its_code(CloseCause cause) {
        switch (cause) {
            case CLIENT ->
                reports(
                        cause,
                        4321,
                        (server, client) -> client.send(close(4321, "done"))
                                .expect(close(4321, "done"))
                                .expectEnd());
            case IDLE -> reports(cause, 1001, (server, client) -> client.expectFailure(1001));
            case DRAIN ->
                reports(cause, 1001, (server, client) -> {
                    server.drain(Duration.ZERO);
                    client.expect(close(1001, "server draining"))
                            .send(close(1001, "server draining"))
                            .expectEnd();
                });
            case SLOW_CONSUMER ->
                reports(cause, 1006, (server, client) -> {
                    Thread.ofVirtual()
                            .start(() ->
                                    client.sendInVain(MUCH).sendInVain(MUCH).sendInVain(MUCH));
                    await("the connection has ended").until(server.observer::hasEnd);
                    client.cut();
                });
            case PROTOCOL_ERROR ->
                reports(
                        cause,
                        1002,
                        (server, client) -> client.send(text("x").reserved(1)).expectFailure(1002));
            case INVALID_PAYLOAD ->
                reports(
                        cause,
                        1007,
                        (server, client) -> client.send(text(new byte[] {-1})).expectFailure(1007));
            case TOO_BIG ->
                reports(
                        cause,
                        1009,
                        (server, client) -> client.sendInVain(
                                        binary(new byte[0]).header((2 << 20) + 1))
                                .expectFailure(1009));
            case NETWORK -> reports(cause, 1006, (server, client) -> client.close());
            case FAULT ->
                reports(
                        cause,
                        3000,
                        (server, client) -> client.expect(close(3000, "requested by the client of this connection"))
                                .send(close(3000))
                                .expectEnd());
            case ERROR -> reports(cause, 1011, (server, client) -> client.expectFailure(1011));
        }
    }

    @Test
    void the_end_of_the_tcp_connection_has_the_cause_network() {
        reports(CloseCause.NETWORK, 1006, (server, client) -> client.cut());
    }

    @Test
    void the_end_of_the_output_has_the_cause_network() {
        reports(
                CloseCause.NETWORK,
                1006,
                (server, client) -> client.shutdownOutput().expectEnd());
    }

    @Test
    void a_reset_between_frames_has_the_cause_network() {
        reports(CloseCause.NETWORK, 1006, (server, client) -> client.reset());
    }

    private interface Conversation {
        void hold(ObservedServer server, WireClient client);
    }

    private void reports(CloseCause cause, int code, Conversation conversation) {
        boolean mute = cause == CloseCause.IDLE || cause == CloseCause.SLOW_CONSUMER;
        try (var server = ObservedServer.start(
                transport,
                "keep-alive-interval",
                mute ? "200ms" : "0s",
                "keep-alive-timeout",
                mute ? "300ms" : "0s",
                "max-frame-size",
                "2MiB")) {
            server.faults.set(true);
            server.feed.failing = cause == CloseCause.ERROR ? "subscribe" : "";
            try (WireClient client = cause == CloseCause.SLOW_CONSUMER
                    ? server.openWithReceiveBuffer(SMALL_BUFFER)
                    : cause == CloseCause.ERROR
                            ? server.open(FEED)
                            : cause == CloseCause.FAULT ? server.openWith("close=3000@0s") : server.open()) {
                if (!mute && cause != CloseCause.ERROR && cause != CloseCause.FAULT) {
                    client.send(text("before the end")).expect(text("before the end"));
                }
                conversation.hold(server, client);
            }
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(cause);
            assertThat(end.code()).isEqualTo(code);
            await("the place was given back").until(() -> server.limits.open() == 0);
            assertThat(server.observer.timesClosed.values()).singleElement().matches(times -> times.get() == 1);
        }
    }
}
