package dev.resound.http;

import static dev.resound.test.RawHttp2.END_HEADERS;
import static dev.resound.test.RawHttp2.GOAWAY;
import static dev.resound.test.RawHttp2.HEADERS;
import static dev.resound.test.RawHttp2.PING;
import static dev.resound.test.RawHttp2.RST_STREAM;
import static dev.resound.test.RawHttp2.SETTINGS;
import static dev.resound.test.Waiting.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import dev.resound.test.MetricsPage;
import dev.resound.test.RawHttp2;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 is for the page, and breaks nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Http2Test {

    private static final int PROTOCOL_ERROR = 0x1;
    private static final int REFUSED_STREAM = 0x7;
    private static final int TIMEOUT_MILLIS = 1000;
    private static final int ENHANCE_YOUR_CALM = 0xB;
    private static final int STREAMS = 100;
    /** In 30 seconds. */
    private static final int RESETS = 200;

    private static final CapturedLog LOG = new CapturedLog(PublicRouter.class);

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
        LOG.close();
    }

    @AfterEach
    void the_service_still_serves_and_has_logged_no_fault() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(LOG.lines()).isEmpty();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return exchange(HttpRequest.newBuilder(URI.create("https://localhost:" + resound.port() + path)));
    }

    private static HttpResponse<String> exchange(HttpRequest.Builder request) throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(certificate.client())
                .version(HttpClient.Version.HTTP_2)
                .build()) {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static RawHttp2 open(int... settings) throws IOException {
        return RawHttp2.open(resound.port(), certificate.client(), settings);
    }

    // The page.

    @Test
    void the_page_comes_over_http2_with_all_its_headers() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(page.body()).contains("<html");
        assertThat(page.headers().map())
                .containsKeys("content-security-policy", "x-content-type-options", "etag", "cache-control");
        HttpResponse<String> again = exchange(HttpRequest.newBuilder(
                        URI.create("https://localhost:" + resound.port() + "/"))
                .header("If-None-Match", page.headers().firstValue("etag").orElseThrow()));
        assertThat(again.statusCode()).isEqualTo(304);
    }

    @Test
    void a_client_without_http2_gets_http1() throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(certificate.client())
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            var request = HttpRequest.newBuilder(URI.create("https://localhost:" + resound.port() + "/client/app.js"))
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void other_paths_and_methods_are_refused_as_over_http1() throws Exception {
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        HttpResponse<String> post =
                exchange(HttpRequest.newBuilder(URI.create("https://localhost:" + resound.port() + "/"))
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(1000))));
        assertThat(post.statusCode()).isEqualTo(405);
    }

    // WebSockets.

    @Test
    void the_settings_announce_extended_connect_and_the_limit_of_streams() throws IOException {
        try (RawHttp2 http = open()) {
            assertThat(http.await(SETTINGS).settings())
                    .containsEntry(RawHttp2.ENABLE_CONNECT_PROTOCOL, 1)
                    .containsEntry(RawHttp2.MAX_CONCURRENT_STREAMS, STREAMS);
        }
    }

    @Test
    void a_get_for_the_websocket_path_is_told_what_a_handshake_is() throws Exception {
        HttpResponse<String> answer = get("/ws");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("an extended CONNECT of HTTP/2");
    }

    @Test
    void explain_says_that_the_request_came_over_http2_and_what_a_handshake_over_it_looks_like() throws Exception {
        var explanation = new JsonObject(get("/ws?explain").body());
        assertThat(explanation.getJsonObject("request").getString("version")).isEqualTo("HTTP/2");
        assertThat(explanation.getJsonObject("handshake").getString("http")).isEqualTo("2");
        assertThat(explanation.getJsonObject("handshake").getString("form"))
                .startsWith("CONNECT with :protocol websocket, and without Upgrade");
    }

    @Test
    void a_rejected_handshake_over_http2_is_counted_as_such() throws Exception {
        String series = "websocket_handshakes_total{http=\"2\",outcome=\"not-websocket\"}";
        double before = MetricsPage.of(resound).value(series);
        get("/ws");
        assertThat(MetricsPage.await(resound, page -> page.value(series) > before)
                        .value(series))
                .isEqualTo(before + 1);
    }

    @Test
    void upgrade_headers_are_refused() throws IOException {
        try (RawHttp2 http = open()) {
            http.get(1, "/ws", "connection", "Upgrade", "upgrade", "websocket", "sec-websocket-version", "13");
            assertIsRefused(http);
        }
    }

    /** With a status, with a reset of the stream, or with the end of the connection. */
    private static void assertIsRefused(RawHttp2 http) throws IOException {
        RawHttp2.Frame frame = http.read();
        while (frame.type() != HEADERS && frame.type() != RST_STREAM && frame.type() != GOAWAY) {
            frame = http.read();
        }
        if (frame.type() == HEADERS) {
            assertThat(frame.status()).isBetween(400, 499);
        } else {
            assertThat(frame.error()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    // Bounds.

    @Test
    void headers_that_are_too_large_are_refused() throws IOException {
        try (RawHttp2 http = open()) {
            http.get(1, "/", "x-large", "x".repeat(9000));
            assertThat(http.await(HEADERS).status()).isEqualTo(431);
        }
    }

    @Test
    void no_more_than_100_requests_are_answered_at_a_time_and_a_client_that_takes_no_responses_is_cut()
            throws IOException {
        // With no window at all, no answer can be taken.
        try (RawHttp2 http = open(RawHttp2.INITIAL_WINDOW_SIZE, 0)) {
            for (int i = 0; i <= STREAMS; i++) {
                http.get(2 * i + 1, "/style.css");
            }
            RawHttp2.Frame refused = http.await(RST_STREAM);
            assertThat(refused.error()).isEqualTo(REFUSED_STREAM);
            assertThat(refused.stream()).isEqualTo(2 * STREAMS + 1);
            http.await(GOAWAY);
            assertThat(http.ends()).isTrue();
        }
    }

    @Test
    void a_flood_of_resets_is_ended() throws IOException {
        // With no window at all, each request is still under way when it is reset.
        try (RawHttp2 http = open(RawHttp2.INITIAL_WINDOW_SIZE, 0)) {
            for (int i = 0; i <= RESETS; i++) {
                http.get(2 * i + 1, "/style.css").send(RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
            }
            assertThat(http.await(GOAWAY).error()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(http.ends()).isTrue();
        }
    }

    @Test
    void a_connection_that_is_only_pinged_is_ended() throws Exception {
        try (RawHttp2 http = open()) {
            assertThat(endsUnder(i -> {
                        http.send(PING, 0, 0, new byte[8]);
                        pause(Duration.ofMillis(TIMEOUT_MILLIS / 20));
                    }))
                    .isTrue();
        }
    }

    @Test
    void a_request_that_drips_is_ended() throws Exception {
        try (RawHttp2 http = open()) {
            http.request(1, "POST", "/", END_HEADERS);
            assertThat(endsUnder(i -> {
                        http.send(RawHttp2.DATA, 0, 1, new byte[1]);
                        pause(Duration.ofMillis(TIMEOUT_MILLIS / 20));
                    }))
                    .isTrue();
        }
    }

    @Test
    void silence_is_ended() throws IOException {
        try (RawHttp2 http = open()) {
            http.get(1, "/").await(HEADERS);
            http.await(GOAWAY);
            assertThat(http.ends()).isTrue();
        }
    }

    @Test
    void requests_that_keep_coming_are_answered_for_longer_than_one_deadline() throws Exception {
        try (RawHttp2 http = open()) {
            http.send(RawHttp2.SETTINGS, RawHttp2.ACK, 0, new byte[0]);
            long end = System.nanoTime() + 3L * TIMEOUT_MILLIS * 1_000_000;
            for (int stream = 1; System.nanoTime() < end; stream += 2) {
                assertThat(http.get(stream, "/favicon.svg").await(HEADERS).status())
                        .isEqualTo(200);
                pause(Duration.ofMillis(TIMEOUT_MILLIS / 20));
            }
        }
    }

    @Test
    void what_is_no_http2_is_ended() throws IOException {
        List<String> nonsense = new ArrayList<>(Collections.nCopies(50, "GET / HTTP/1.1\r\n"));
        try (RawHttp2 http = RawHttp2.connect(resound.port(), certificate.client())) {
            http.sendBytes(String.join("", nonsense).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(http.ends()).isTrue();
        }
    }

    private interface Step {
        void take(int i) throws IOException;
    }

    /** Whether the server ends the connection while the client goes on; at most 1000 times. */
    private static boolean endsUnder(Step step) {
        try {
            for (int i = 0; i < 1000; i++) {
                step.take(i);
            }
            return false;
        } catch (IOException ended) {
            return true;
        }
    }
}
