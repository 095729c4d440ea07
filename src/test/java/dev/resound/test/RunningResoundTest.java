package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The service as a whole. */
class RunningResoundTest {

    @Test
    void a_text_message_comes_back() throws Exception {
        try (var resound = RunningResound.start();
                var http = HttpClient.newHttpClient()) {
            var echoed = new CompletableFuture<String>();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(resound.webSocket(), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                            echoed.complete(data.toString());
                            return CompletableFuture.completedStage(null);
                        }
                    })
                    .get();
            socket.sendText("hello", true).get();
            assertThat(echoed.get()).isEqualTo("hello");
            socket.abort();
        }
    }
}
