package dev.resound.websocket;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.WireFrame.close;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.RawHttp2;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.CloseCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of open connections, on a real socket. */
@OnEveryTransport
@Timeout(60)
record PlacesTest(TestTransport transport) {

    @ParameterizedTest
    @ValueSource(strings = {"max-connections", "max-connections-per-address"})
    void beyond_the_limit_handshakes_get_503_with_retry_after_until_a_place_is_released(String limit) {
        try (var server = ObservedServer.start(transport, limit, "2");
                WireClient first = server.open();
                WireClient second = server.open();
                WireClient third = server.connect()) {
            third.requestUpgrade().expectStatus(503);
            assertThat(third.head()).containsIgnoringCase("\r\nretry-after: 5\r\n");
            assertThat(server.observer.handshakes).endsWith(HandshakeOutcome.CAPACITY);
            first.send(close(1000)).expect(close(1000)).expectEnd().close();
            server.observer.awaitEnd();
            third.handshake().send(close(1000)).expect(close(1000)).expectEnd();
            assertThat(second).isNotNull();
        }
    }

    @Test
    void clients_that_disconnect_during_the_handshake_release_their_places() {
        try (var server = ObservedServer.start(transport)) {
            for (int i = 0; i < 150; i++) {
                WireClient client = server.request();
                if (i % 3 == 0) {
                    client.reset();
                } else if (i % 3 == 1) {
                    client.shutdownOutput().close();
                } else {
                    client.close();
                }
            }
            try (WireClient last = server.open()) {
                last.send(close(1000)).expect(close(1000)).expectEnd();
            }
            await("every place was given back").until(() -> server.limits.open() == 0);
            await("every end is reported")
                    .until(() -> server.observer.timesClosed.size() == server.observer.opened.get());
            assertThat(server.observer.timesClosed.values()).allMatch(times -> times.get() == 1);
            awaitAllAccepted(server);
        }
    }

    /** The last one may be closed before it is counted as accepted. */
    private static void awaitAllAccepted(ObservedServer server) {
        await("each opened connection is accepted").until(() -> accepted(server) == server.observer.opened.get());
    }

    private static long accepted(ObservedServer server) {
        return server.observer.handshakes.stream()
                .filter(HandshakeOutcome.ACCEPTED::equals)
                .count();
    }

    private static void awaitNoneOpen(ObservedServer server) {
        await("no connection is open")
                .until(() -> server.limits.open() == 0
                        && server.observer.opened.get() <= server.observer.timesClosed.size());
    }

    /** Runs an action when the 101 response or, on HTTP/2, a HEADERS frame is written, in the middle of the upgrade. */
    private void atAcceptance(ObservedServer server, Consumer<Channel> action) {
        var handler = new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                boolean accepts = !transport.isHttp2() || isHead((ByteBuf) message);
                ctx.write(message, promise);
                if (accepts) {
                    action.accept(ctx.channel());
                }
            }

            @Override
            public boolean isSharable() {
                return true;
            }
        };
        server.onConnection = accepted -> {
            if (transport.isHttp2()) { // Where the frames are not encrypted.
                accepted.pipeline()
                        .addBefore(
                                accepted.pipeline()
                                        .context(Http2ConnectionHandler.class)
                                        .name(),
                                null,
                                handler);
            } else {
                accepted.pipeline().addFirst(handler);
            }
        };
    }

    private static boolean isHead(ByteBuf frame) {
        return frame.readableBytes() > 3 && frame.getByte(3) == RawHttp2.HEADERS;
    }

    @Test
    void a_connection_that_closes_during_the_upgrade_is_counted_as_accepted_and_closed_or_as_neither() {
        try (var server = ObservedServer.start(transport)) {
            atAcceptance(server, channel -> channel.pipeline().firstContext().close()); // In front of the TLS handler.
            for (int i = 0; i < 20; i++) {
                WireClient client = server.request();
                client.awaitEnd();
                client.cut();
            }
            awaitNoneOpen(server);
            awaitAllAccepted(server);
            assertThat(server.observer.timesClosed.values()).allMatch(times -> times.get() == 1);
        }
    }

    /** On HTTP/1.1, the deadline of the request closes such a connection. */
    @Test
    void an_acceptance_that_cannot_be_written_releases_its_place() {
        Assumptions.assumeTrue(transport.isHttp2());
        try (var server = ObservedServer.start(transport, "max-connections", "1")) {
            atAcceptance(server, channel -> {
                throw new IllegalStateException("the response cannot be written");
            });
            for (int i = 0; i < 3; i++) {
                WireClient client = server.request();
                client.awaitEnd();
                client.cut();
                awaitNoneOpen(server);
            }
            awaitAllAccepted(server);
            assertThat(server.observer.timesClosed.values()).allMatch(times -> times.get() == 1);
            server.onConnection = channel -> {};
            server.open().close();
        }
    }

    /** Over HTTP/2, the connection is created before the 200 is written. */
    @Test
    void an_upgrade_that_fails_after_the_101_is_not_accepted_and_releases_its_place() {
        Assumptions.assumeFalse(transport.isHttp2());
        try (var server = ObservedServer.start(transport, "max-connections", "1")) {
            atAcceptance(server, channel -> channel.pipeline().remove("wsdecoder"));
            for (int i = 0; i < 3; i++) {
                try (WireClient client = server.connect()) {
                    client.requestUpgrade().expectUpgrade().expectEnd();
                }
                awaitNoneOpen(server);
            }
            assertThat(server.observer.handshakes).isEmpty();
            assertThat(server.observer.opened).hasValue(0);
            server.onConnection = channel -> {};
            server.open().close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "greeting,    resound.echo.v1",
        "subscribe,   resound.telemetry.v1",
        "unsubscribe, resound.telemetry.v1",
    })
    void a_place_is_released_whatever_fails_in_the_feed(String method, String protocol) {
        try (var server = ObservedServer.start(transport, "max-connections", "1")) {
            server.feed.failing = method;
            for (int i = 0; i < 3; i++) {
                failOnce(server, "Sec-WebSocket-Protocol: " + protocol);
            }
            awaitAllAccepted(server);
            assertThat(server.observer.timesClosed.values()).allMatch(times -> times.get() == 1);
            server.feed.failing = "";
            server.open().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"handshake", "opened", "closed"})
    void a_place_is_released_whatever_fails_in_the_observer(String method) {
        try (var server = ObservedServer.start(transport, "max-connections", "1")) {
            server.observer.failing = method;
            for (int i = 0; i < 3; i++) {
                failOnce(server, "X: y");
            }
            server.observer.failing = "";
            server.open().close();
        }
    }

    private static void failOnce(ObservedServer server, String header) {
        try (WireClient client = server.request(header)) {
            if (server.feed.failing.equals("greeting")) {
                client.expectStatus(500);
                assertThat(server.limits.open())
                        .as("while the connection is open")
                        .isZero();
            } else {
                client.expectUpgrade().send(close(1000)).readToEnd();
            }
        }
        awaitNoneOpen(server);
    }

    @Test
    void an_internal_error_after_the_upgrade_ends_the_connection_with_1011() {
        try (var server = ObservedServer.start(transport)) {
            server.feed.failing = "subscribe";
            try (WireClient client = server.request("Sec-WebSocket-Protocol: resound.telemetry.v1")
                    .expectUpgrade()) {
                client.expectFailure(1011);
            }
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.ERROR);
        }
    }
}
