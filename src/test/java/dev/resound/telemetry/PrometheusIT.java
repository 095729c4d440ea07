package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.test.PrometheusProcess;
import dev.resound.test.RunningResound;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus reads what happened. */
class PrometheusIT {

    private static final int MESSAGES = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsPrometheus() {
        PrometheusProcess.assumeInstalled();
    }

    @Test
    void promtool_has_nothing_to_say_about_the_text_format() throws Exception {
        try (var resound = RunningResound.start()) {
            echo(resound);
            Path page = Files.writeString(
                    directory.resolve("page.txt"), settled(resound).text());
            Process promtool = new ProcessBuilder("/usr/bin/promtool", "check", "metrics")
                    .redirectInput(page.toFile())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
            assertThat(promtool.waitFor()).isZero();
        }
    }

    /** Prometheus 2.42 asks for OpenMetrics; the exact counts show that its parser took them. */
    @Test
    void prometheus_answers_with_the_exact_counts() throws Exception {
        try (var resound = RunningResound.start()) {
            echo(resound);
            settled(resound);
            try (var prometheus = PrometheusProcess.scraping(resound, directory)) {
                assertThat(prometheus.awaitValue("up")).isEqualTo("1");
                assertThat(prometheus.awaitValue("websocket_messages_received_total{type='text'}"))
                        .isEqualTo("" + MESSAGES);
                assertThat(prometheus.awaitValue("websocket_messages_sent_total{type='text'}"))
                        .isEqualTo("" + MESSAGES);
                assertThat(prometheus.awaitValue("websocket_messages_sent_total{type='binary'}"))
                        .isEqualTo("1");
                assertThat(prometheus.awaitValue("websocket_sent_bytes_total")).isEqualTo("" + (MESSAGES * 2 + 3));
                assertThat(prometheus.awaitValue("websocket_connections_closed_total{cause='client',http='1.1'}"))
                        .isEqualTo("1");
                assertThat(prometheus.awaitValue("sum(websocket_connections_closed_total{cause='idle'})"))
                        .isEqualTo("0");
                assertThat(prometheus.awaitValue("websocket_connection_duration_seconds_count"))
                        .isEqualTo("1");
                assertThat(prometheus.awaitValue("websocket_connection_duration_seconds_bucket{le='+Inf'}"))
                        .isEqualTo("1");
                assertThat(prometheus.awaitValue("count(resound_build_info)")).isEqualTo("1");
            }
        }
    }

    private void echo(RunningResound resound) throws Exception {
        var echoes = new CountDownLatch(MESSAGES + 1);
        var closed = new CountDownLatch(1);
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(resound.webSocket(), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        return echoed(webSocket);
                    }

                    @Override
                    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
                        return echoed(webSocket);
                    }

                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
                        closed.countDown();
                        return null;
                    }

                    private @Nullable CompletionStage<?> echoed(WebSocket webSocket) {
                        echoes.countDown();
                        webSocket.request(1);
                        return null;
                    }
                })
                .get();
        for (int i = 0; i < MESSAGES; i++) {
            socket.sendText("hi", true).get();
        }
        socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).get();
        assertThat(echoes.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        socket.sendClose(4321, "bye").get();
        assertThat(closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static MetricsPage settled(RunningResound resound) {
        return MetricsPage.await(resound, page -> page.sum("websocket_connections_closed_total") == 1);
    }
}
