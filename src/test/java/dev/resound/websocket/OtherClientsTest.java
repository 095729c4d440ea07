package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Third-party clients over a real socket. */
@Timeout(60)
class OtherClientsTest {

    private static final int LARGE = 300_000;

    /** Collects whole messages. */
    private static final class JdkListener implements WebSocket.Listener {
        final StringBuilder text = new StringBuilder();
        final ByteArrayOutputStream binary = new ByteArrayOutputStream();
        final CompletableFuture<String> wholeText = new CompletableFuture<>();
        final CompletableFuture<byte[]> wholeBinary = new CompletableFuture<>();
        final CompletableFuture<String> pong = new CompletableFuture<>();
        final CompletableFuture<String> close = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                wholeText.complete(text.toString());
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            binary.writeBytes(bytes);
            if (last) {
                wholeBinary.complete(binary.toByteArray());
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            pong.complete(
                    java.nio.charset.StandardCharsets.UTF_8.decode(message).toString());
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            close.complete(code + " " + reason);
            return CompletableFuture.completedStage(null);
        }
    }

    @Test
    void the_client_of_the_jdk_receives_its_echoes() throws Exception {
        try (var server = ObservedServer.start();
                var http = HttpClient.newHttpClient()) {
            var listener = new JdkListener();
            WebSocket socket = http.newWebSocketBuilder()
                    .subprotocols("chat", "superchat")
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/ws"), listener)
                    .get();
            socket.sendText("frag", false).get();
            socket.sendPing(ByteBuffer.wrap("ping".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .get();
            socket.sendText("mented \u20ac", true).get();
            byte[] large = new byte[LARGE];
            socket.sendBinary(ByteBuffer.wrap(large), true).get();
            assertThat(listener.wholeText.get()).isEqualTo("fragmented \u20ac");
            assertThat(listener.pong.get()).isEqualTo("ping");
            assertThat(listener.wholeBinary.get()).isEqualTo(large);
            socket.sendClose(4000, "bye").get();
            assertThat(listener.close.get()).isEqualTo("4000 bye");
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.CLIENT);
            assertThat(end.code()).isEqualTo(4000);
        }
    }

    @Test
    void the_client_of_vertx_receives_its_echoes() {
        try (var server = ObservedServer.start()) {
            WebSocketClient client = server.vertx().createWebSocketClient();
            Promise<String> text = Promise.promise();
            Promise<Buffer> binary = Promise.promise();
            Promise<Buffer> pong = Promise.promise();
            Promise<Void> closed = Promise.promise();
            var socket = client.connect(new WebSocketConnectOptions()
                            .setHost("127.0.0.1")
                            .setPort(server.port())
                            .setURI("/ws"))
                    .await();
            socket.textMessageHandler(text::tryComplete);
            socket.binaryMessageHandler(binary::tryComplete);
            socket.pongHandler(pong::tryComplete);
            socket.closeHandler(closed::tryComplete);
            Buffer large = Buffer.buffer(new byte[LARGE / 2]);
            socket.writeTextMessage("Hello").await();
            socket.writePing(Buffer.buffer("ping")).await();
            socket.writeBinaryMessage(large).await();
            assertThat(text.future().await()).isEqualTo("Hello");
            assertThat(pong.future().await().toString()).isEqualTo("ping");
            assertThat(binary.future().await()).isEqualTo(large);
            socket.close((short) 4000, "bye").await();
            closed.future().await();
            assertThat(socket.closeStatusCode()).isEqualTo((short) 4000);
            assertThat(server.observer.awaitEnd().code()).isEqualTo(4000);
        }
    }
}
