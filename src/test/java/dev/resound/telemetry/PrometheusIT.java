package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.FreePort;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
import org.junit.jupiter.api.Assumptions;
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
        boolean installed = Files.isExecutable(Path.of("/usr/bin/prometheus"));
        boolean required = "true".equals(System.getenv("CI"));
        Assumptions.assumeTrue(installed || required, "needs the Debian package prometheus");
        assertThat(installed).as("the Debian package prometheus is installed").isTrue();
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
        int port = FreePort.next();
        try (var resound = RunningResound.start()) {
            echo(resound);
            settled(resound);
            Process prometheus = start(resound, port);
            try {
                assertThat(awaitValue(port, "up")).isEqualTo("1");
                assertThat(awaitValue(port, "websocket_messages_received_total{type='text'}"))
                        .isEqualTo("" + MESSAGES);
                assertThat(awaitValue(port, "websocket_messages_sent_total{type='text'}"))
                        .isEqualTo("" + MESSAGES);
                assertThat(awaitValue(port, "websocket_messages_sent_total{type='binary'}"))
                        .isEqualTo("1");
                assertThat(awaitValue(port, "websocket_sent_bytes_total")).isEqualTo("" + (MESSAGES * 2 + 3));
                assertThat(awaitValue(port, "websocket_connections_closed_total{cause='client'}"))
                        .isEqualTo("1");
                assertThat(awaitValue(port, "websocket_connections_closed_total{cause='idle'}"))
                        .isEqualTo("0");
                assertThat(awaitValue(port, "websocket_connection_duration_seconds_count"))
                        .isEqualTo("1");
                assertThat(awaitValue(port, "websocket_connection_duration_seconds_bucket{le='+Inf'}"))
                        .isEqualTo("1");
                assertThat(awaitValue(port, "count(resound_build_info)")).isEqualTo("1");
            } finally {
                prometheus.destroy();
                prometheus.waitFor();
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

    private Process start(RunningResound resound, int port) throws IOException {
        Path configuration =
                Files.writeString(directory.resolve("prometheus.yml"), """
                global: { scrape_interval: 1s }
                scrape_configs:
                  - job_name: resound
                    static_configs: [{ targets: ["127.0.0.1:%d"] }]
                """.formatted(resound.managementPort()));
        return new ProcessBuilder(
                        "/usr/bin/prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    /** The value of a query that gives one; Prometheus scrapes for the first time some seconds after its start. */
    private String awaitValue(int port, String query) throws InterruptedException {
        var uri = URI.create("http://127.0.0.1:%d/api/v1/query?query=%s"
                .formatted(port, URLEncoder.encode(query, StandardCharsets.UTF_8)));
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            try {
                var answer = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
                last = answer.body();
                // Until it is ready it answers 503 with a text.
                var result = answer.statusCode() == 200
                        ? new JsonObject(last).getJsonObject("data").getJsonArray("result")
                        : new JsonArray();
                if (result.size() == 1) {
                    return result.getJsonObject(0).getJsonArray("value").getString(1);
                }
            } catch (IOException notYet) {
                last = notYet.toString();
            }
            Thread.sleep(100);
        }
        throw new AssertionError(query + " has no value: " + last);
    }
}
