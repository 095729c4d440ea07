package dev.resound.websocket.conformance;

import dev.resound.test.Delivery;
import dev.resound.test.ObservedServer;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** Runs a server for the tests of one class on one transport, and provides the steps that their conversations share. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Conformance {

    private final String[] settings;

    @Parameter
    TestTransport transport;

    private ObservedServer server;

    /** @param keysAndValues settings of the server that differ from the defaults */
    Conformance(String... keysAndValues) {
        settings = keysAndValues;
    }

    @BeforeParameterizedClassInvocation
    void startServer() {
        server = ObservedServer.start(transport, settings);
    }

    @AfterParameterizedClassInvocation
    void stopServer() {
        server.close();
        Assertions.assertThat(server.observer.timesClosed.values()).allMatch(times -> times.get() == 1);
        Assertions.assertThat(server.observer.timesClosed.size()).isEqualTo(server.observer.opened.get());
        Assertions.assertThat(server.limits.open()).isZero();
    }

    ObservedServer server() {
        return server;
    }

    WireClient open(Delivery delivery) {
        return server.open().by(delivery);
    }

    /**
     * Expects that these frames fail the connection: a Close frame with the code, the end with the cause, and no effect
     * on other clients.
     */
    void expectFailure(Delivery delivery, int code, CloseCause cause, WireFrame... frames) {
        var out = new java.io.ByteArrayOutputStream();
        Arrays.stream(frames).forEach(frame -> out.writeBytes(frame.bytes()));
        expectFailure(delivery, code, cause, out.toByteArray());
    }

    void expectFailure(Delivery delivery, int code, CloseCause cause, byte[] bytes) {
        try (WireClient client = open(delivery)) {
            client.sendInVain(bytes).expectFailure(code);
        }
        ConnectionEnd end = server.observer.awaitEnd();
        Assertions.assertThat(end.cause()).isEqualTo(cause);
        Assertions.assertThat(end.code()).isEqualTo(code);
    }

    /** Completes a closing handshake that the client starts, after a conversation without errors. */
    void closeNormally(WireClient client) {
        client.send(WireFrame.close(1000, "bye"))
                .expect(WireFrame.close(1000, "bye"))
                .expectEnd()
                .close();
        ConnectionEnd end = server.observer.awaitEnd();
        Assertions.assertThat(end.cause()).isEqualTo(CloseCause.CLIENT);
        Assertions.assertThat(end.code()).isEqualTo(1000);
    }

    static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static byte[] letters(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        return bytes;
    }

    static byte[] bytes(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return bytes;
    }
}
