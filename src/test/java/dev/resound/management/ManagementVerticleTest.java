package dev.resound.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.lifecycle.Lifecycle;
import dev.resound.lifecycle.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The private port. */
class ManagementVerticleTest {

    private static final String LARGE = "# a large page\n".repeat(200_000);

    private final Vertx vertx = Vertx.vertx();
    private final Lifecycle lifecycle = new Lifecycle();
    private final HttpClient http = HttpClient.newHttpClient();
    private Function<String, Future<String>> metrics = contentType -> Future.succeededFuture(LARGE);
    private final ManagementVerticle management = new ManagementVerticle(
            new ManagementSettings("127.0.0.1", 0), lifecycle, contentType -> metrics.apply(contentType));

    @BeforeEach
    void start() {
        vertx.deployVerticle(management).await();
    }

    @AfterEach
    void close() {
        http.close();
        vertx.close().await();
    }

    @ParameterizedTest
    @EnumSource
    void the_process_is_live_in_every_state(Lifecycle.State state) throws Exception {
        lifecycle.moveTo(state);
        assertThat(request("GET", "/livez").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void the_service_is_ready_in_one_state_only_and_names_any_other(Lifecycle.State state) throws Exception {
        lifecycle.moveTo(state);
        HttpResponse<String> answer = request("GET", "/readyz");
        assertThat(answer.statusCode()).isEqualTo(state == Lifecycle.State.READY ? 200 : 503);
        assertThat(answer.body()).containsIgnoringCase(state.name());
    }

    @Test
    void the_metrics_come_whole_and_are_not_to_be_stored() throws Exception {
        HttpResponse<String> answer = request("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(LARGE);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/metrics"})
    void head_answers_like_get_without_a_body(String path) throws Exception {
        HttpResponse<String> get = request("GET", path);
        HttpResponse<String> head = request("HEAD", path);
        assertThat(head.statusCode()).isEqualTo(get.statusCode());
        assertThat(head.headers().firstValue("Content-Type"))
                .isEqualTo(get.headers().firstValue("Content-Type"));
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void other_methods_are_refused(String method) throws Exception {
        for (String path : new String[] {"/livez", "/readyz", "/metrics"}) {
            HttpResponse<String> answer = request(method, path);
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/ws", "/metrics/more", "/livez%00"})
    void other_paths_are_not_found(String path) throws Exception {
        assertThat(rawStatus(path)).isIn(400, 404);
    }

    @Test
    void a_failure_tells_nothing_internal() throws Exception {
        metrics = contentType -> {
            throw new IllegalStateException("secret");
        };
        HttpResponse<String> answer = request("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("internal error").doesNotContain("secret", "IllegalState");
    }

    @Test
    void a_connection_serves_one_request() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), management.actualPort())) {
            socket.getOutputStream().write(get("/livez"));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all)
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("connection: close")
                    .endsWith("live\n");
        }
    }

    @Test
    void a_silent_connection_is_ended() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), management.actualPort())) {
            socket.setSoTimeout(30_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_port_in_use_is_a_failed_start_that_says_so() {
        var second = new ManagementVerticle(
                new ManagementSettings("127.0.0.1", management.actualPort()), lifecycle, Future::succeededFuture);
        var other = Vertx.vertx();
        try {
            assertThatThrownBy(() -> other.deployVerticle(second).await())
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("management");
        } finally {
            other.close().await();
        }
    }

    private HttpResponse<String> request(String method, String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + management.actualPort() + path);
        var request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private int rawStatus(String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), management.actualPort())) {
            socket.getOutputStream().write(get(path));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Integer.parseInt(all.substring(9, 12));
        }
    }

    private static byte[] get(String path) {
        return "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII);
    }
}
