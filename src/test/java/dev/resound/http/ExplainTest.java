package dev.resound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.test.RawHttp;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /ws?explain} at the public port. */
@Timeout(60)
class ExplainTest {

    private static final String[] HANDSHAKE = {
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + WireClient.KEY
    };

    private static RunningResound listing;

    @BeforeAll
    static void start() {
        listing = RunningResound.start(
                "websocket.allowed-origins", "https://client.com,https://*.client.com,same-origin");
    }

    @AfterAll
    static void stop() {
        listing.close();
    }

    /** A whole handshake, in which each of these headers replaces the one of its name, or with a minus only removes it. */
    private static String[] handshake(String... differences) {
        List<String> headers = new ArrayList<>(List.of(HANDSHAKE));
        for (String difference : differences) {
            boolean removes = difference.startsWith("-");
            String name = difference.substring(removes ? 1 : 0, difference.indexOf(':') + 1);
            headers.removeIf(line -> line.startsWith(name));
            if (!removes) {
                headers.add(difference);
            }
        }
        return headers.toArray(String[]::new);
    }

    private static JsonObject explained(RunningResound resound, String... headers) throws IOException {
        return json(RawHttp.exchange(resound.port(), "GET /ws?explain HTTP/1.1", headers));
    }

    private static JsonObject json(RawHttp.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    /** What was explained is what happens. */
    private static void assertSame(RawHttp.Answer real, JsonObject explanation, int status, String outcome) {
        assertThat(real.status()).isEqualTo(status);
        JsonObject verdict = explanation.getJsonObject("verdict");
        assertThat(verdict.getInteger("status")).isEqualTo(status);
        assertThat(verdict.getString("outcome")).isEqualTo(outcome);
        if (status != 101) {
            var problem = new JsonObject(real.body());
            assertThat(problem.getString("rule")).isEqualTo(outcome);
            assertThat(problem.getString("detail")).isEqualTo(verdict.getString("detail"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "all kept",
            delimiter = '|',
            value = {
                "GET /ws HTTP/1.1       | -X:                                        | 101 | accepted      | all kept",
                "GET /ws?a=%7B HTTP/1.1 | Origin: https://client.com                 | 101 | accepted      | all kept",
                "GET /ws HTTP/1.1       | Origin: https://a.client.com               | 101 | accepted      | all kept",
                "GET /ws HTTP/1.1       | Origin: http://localhost                   | 101 | accepted      | all kept",
                "GET /ws HTTP/1.1       | Connection: keep-alive, Upgrade            | 101 | accepted      | all kept",
                "GET /ws HTTP/1.1       | Sec-WebSocket-Protocol: chat               | 101 | accepted      | all kept",
                "GET /ws HTTP/1.1       | Sec-WebSocket-Extensions: x; y=1           | 101 | accepted      | all kept",
                "GET /ws HTTP/1.0       | -X:                                        | 400 | not-websocket | http-version",
                "GET /ws?a={b} HTTP/1.1 | -X:                                        | 400 | not-websocket | target",
                "GET /ws HTTP/1.1       | -Upgrade:                                  | 400 | not-websocket | upgrade",
                "GET /ws HTTP/1.1       | Upgrade: h2c                               | 400 | not-websocket | upgrade",
                "GET /ws HTTP/1.1       | -Connection:                               | 400 | not-websocket | connection",
                "GET /ws HTTP/1.1       | Connection: keep-alive                     | 400 | not-websocket | connection",
                "GET /ws HTTP/1.1       | Transfer-Encoding: chunked                 | 400 | not-websocket | body",
                "GET /ws HTTP/1.1       | -Sec-WebSocket-Version:                    | 426 | version       | version",
                "GET /ws HTTP/1.1       | Sec-WebSocket-Version: 8                   | 426 | version       | version",
                "GET /ws HTTP/1.1       | Sec-WebSocket-Extensions: ,                | 400 | not-websocket | extensions",
                "GET /ws HTTP/1.1       | -Sec-WebSocket-Key:                        | 400 | key           | key",
                "GET /ws HTTP/1.1       | Sec-WebSocket-Key: abc                     | 400 | key           | key",
                "GET /ws HTTP/1.1       | Origin: https://evil.com                   | 403 | origin        | origin",
                "GET /ws HTTP/1.1       | Origin: null                               | 403 | origin        | origin",
            })
    void the_verdict_is_what_the_handshake_then_gets(
            String line, String difference, int status, String outcome, String broken) throws IOException {
        String asking = line.replaceFirst(" (/ws\\S*) ", line.contains("?") ? " $1&explain " : " $1?explain ");
        var explanation = json(RawHttp.exchange(listing.port(), asking, handshake(difference)));
        var real = RawHttp.exchange(listing.port(), line, handshake(difference));

        assertSame(real, explanation, status, outcome);
        assertThat(explanation.getJsonArray("rules").stream()
                        .map(JsonObject.class::cast)
                        .filter(rule -> !rule.getBoolean("passed"))
                        .map(rule -> rule.getString("rule")))
                .isEqualTo(broken == null ? List.of() : List.of(broken));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket.max-connections", "websocket.max-connections-per-address"})
    void so_it_is_where_all_places_are_taken(String limit) throws IOException {
        try (var resound = RunningResound.start(limit, "1");
                var taken = WireClient.open(resound.port())) {
            var explanation = explained(resound, handshake());
            assertSame(RawHttp.exchange(resound.port(), "GET /ws HTTP/1.1", handshake()), explanation, 503, "capacity");
            var capacity = explanation.getJsonObject("capacity");
            assertThat(capacity.getInteger("open")).isEqualTo(1);
            assertThat(capacity.getInteger("openFromClient")).isEqualTo(1);
            assertThat(taken.localPort()).isPositive();
        }
    }

    @Test
    void so_it_is_while_it_drains() throws IOException {
        try (var resound = RunningResound.start()) {
            assertThat(explained(resound).getBoolean("draining")).isFalse();
            resound.main().drain().await();

            var explanation = explained(resound, handshake());
            assertSame(RawHttp.exchange(resound.port(), "GET /ws HTTP/1.1", handshake()), explanation, 503, "draining");
            assertThat(explanation.getBoolean("draining")).isTrue();
        }
    }

    @Test
    void whose_places_count_is_told_by_a_trusted_proxy() throws IOException {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "websocket.trusted-proxies", "127.0.0.1");
                var taken = WireClient.open(resound.port())) {
            var explanation = explained(resound, handshake("X-Forwarded-For: 198.51.100.7"));
            assertThat(explanation.getJsonObject("verdict").getInteger("status"))
                    .isEqualTo(101);
            assertThat(explanation.getJsonObject("request").getString("peer")).isEqualTo("127.0.0.1");
            assertThat(explanation.getJsonObject("request").getString("client")).isEqualTo("198.51.100.7");
            assertThat(explanation.getJsonObject("capacity").getInteger("openFromClient"))
                    .isZero();
            assertThat(taken.localPort()).isPositive();
        }
    }

    @Test
    void a_whole_handshake_is_not_upgraded_takes_no_place_and_is_not_counted() throws IOException {
        try (var resound = RunningResound.start("websocket.max-connections", "1");
                var http = new RawHttp(resound.port())) {
            for (int i = 0; i < 3; i++) {
                var explanation = json(http.request("GET /ws?explain HTTP/1.1", handshake()));
                assertThat(explanation.getJsonObject("verdict").getString("outcome"))
                        .isEqualTo("accepted");
                assertThat(explanation.getJsonObject("capacity").getInteger("open"))
                        .isZero();
            }
            // On the same event loop, and so in the same sample of the telemetry or a later one.
            assertThat(http.request("GET /ws HTTP/1.1", handshake()).status()).isEqualTo(101);
            MetricsPage page = MetricsPage.await(
                    resound, shown -> shown.value("websocket_handshakes_total{outcome=\"accepted\"}") > 0);
            assertThat(page.sum("websocket_handshakes_total")).isEqualTo(1);
        }
    }

    @Test
    void nothing_secret_is_shown() throws IOException {
        try (var resound = RunningResound.start("websocket.allowed-origins", "https://hidden.com,https://client.com")) {
            RawHttp.Answer answer = RawHttp.exchange(
                    resound.port(),
                    "GET /ws?token=secret{&explain HTTP/1.1",
                    handshake(
                            "Origin: https://client.com",
                            "Cookie: session=secret",
                            "Authorization: Bearer secret",
                            "Proxy-Authorization: Basic secret",
                            "X-Forwarded-Access-Token: secret",
                            "X-Unheard-Of: secret"));
            json(answer);
            assertThat(answer.body())
                    .doesNotContainIgnoringCase("secret", "hidden", "cookie", "authorization", "token=", "unheard")
                    .doesNotContain(WireClient.KEY)
                    .contains("\"Sec-WebSocket-Key\" : \"valid\"", "\"matched\" : \"https://client.com\"");
        }
    }

    @Test
    void the_feed_follows_the_origins_of_the_echo_while_it_has_none_of_its_own() throws IOException {
        String[] feed = handshake("Origin: https://b.com", "Sec-WebSocket-Protocol: resound.telemetry.v1");
        try (var resound = RunningResound.start("websocket.allowed-origins", "https://a.com")) {
            assertSame(
                    RawHttp.exchange(resound.port(), "GET /ws HTTP/1.1", feed),
                    explained(resound, feed),
                    403,
                    "origin");

            resound.change("websocket.allowed-origins", "https://b.com");
            assertSame(
                    RawHttp.exchange(resound.port(), "GET /ws HTTP/1.1", feed),
                    explained(resound, feed),
                    101,
                    "accepted");

            resound.change("websocket.allowed-origins", "https://a.com", "telemetry.feed.allowed-origins", "[]");
            assertSame(
                    RawHttp.exchange(resound.port(), "GET /ws HTTP/1.1", feed),
                    explained(resound, feed),
                    101,
                    "accepted");
        }
    }

    @Test
    void so_it_is_for_the_feed_which_has_origins_of_its_own() throws IOException {
        String[] feed = handshake("Origin: https://b.com", "Sec-WebSocket-Protocol: resound.telemetry.v1");
        try (var resound = RunningResound.start(
                "websocket.allowed-origins", "https://a.com", "telemetry.feed.allowed-origins", "https://b.com")) {
            var real = RawHttp.exchange(resound.port(), "GET /ws HTTP/1.1", feed);
            var explanation = explained(resound, feed);
            assertSame(real, explanation, 101, "accepted");
            assertThat(explanation.getJsonObject("protocol").getString("chosen"))
                    .isEqualTo(real.header("Sec-WebSocket-Protocol"));

            resound.change("telemetry.feed.allowed-origins", "https://c.com");
            assertSame(
                    RawHttp.exchange(resound.port(), "GET /ws HTTP/1.1", feed),
                    explained(resound, feed),
                    403,
                    "origin");
        }
    }

    @Test
    void it_says_who_answers_and_is_not_kept_by_a_cache() throws IOException {
        try (var resound = RunningResound.start("instance", "here")) {
            RawHttp.Answer answer = RawHttp.exchange(resound.port(), "GET /ws?explain HTTP/1.1");
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(json(answer).fieldNames())
                    .containsExactly(
                            "verdict",
                            "instance",
                            "version",
                            "request",
                            "handshake",
                            "rules",
                            "origin",
                            "forwarded",
                            "protocol",
                            "extensions",
                            "faults",
                            "capacity",
                            "draining",
                            "keepAlive");
            assertThat(json(answer).getString("instance")).isEqualTo("here");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /ws?explain,           200",
        "GET /ws?explain=1,         200",
        "GET /ws?a=b&explain&c,     200",
        "GET http://a/ws?explain,   200",
        "GET /ws?explains,          400",
        "GET /ws?a=explain,         400",
        "GET /ws?Explain,           400",
        "GET /ws,                   400",
        "HEAD /ws?explain,          405",
        "POST /ws?explain,          405",
        "GET /?explain,             200",
        "GET /other?explain,        404",
    })
    void only_a_get_of_the_path_that_asks_for_it_is_explained(String request, int status) throws IOException {
        RawHttp.Answer answer = RawHttp.exchange(listing.port(), request + " HTTP/1.1");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().contains("\"verdict\"")).isEqualTo(status == 200 && request.contains("/ws"));
    }

    @Test
    void a_bare_request_of_the_last_century_is_explained() throws IOException {
        try (var http = new RawHttp(listing.port())) {
            http.send("GET /ws?explain HTTP/1.0\r\n\r\n");
            var explanation = json(http.read());
            assertThat(explanation.getJsonObject("request").getString("version"))
                    .isEqualTo("HTTP/1.0");
            assertThat(explanation.getJsonObject("request").getString("host")).isNull();
        }
    }

    private static JsonObject attempt(RunningResound resound, String identifier) throws IOException {
        return json(RawHttp.exchange(resound.port(), "GET /ws?explain&attempt=" + identifier + " HTTP/1.1"))
                .getJsonObject("attempt");
    }

    /** A browser does not show the response to its handshake, so it asks how the handshake arrived. */
    @Test
    void a_page_can_ask_how_its_own_handshake_arrived() throws IOException {
        String dropped = "a-page-with-a-proxy";
        RawHttp.exchange(
                listing.port(),
                "GET /ws?a=secret&attempt=" + dropped + " HTTP/1.1",
                handshake("-Upgrade:", "Connection: close"));
        JsonObject attempt = attempt(listing, dropped);
        assertThat(attempt.getBoolean("arrived")).isTrue();
        assertThat(attempt.getDouble("secondsAgo")).isBetween(0.0, 60.0);
        assertThat(attempt.getJsonObject("verdict").getInteger("status")).isEqualTo(400);
        assertThat(attempt.getJsonObject("verdict").getString("rule")).isEqualTo("upgrade");
        assertThat(attempt.getJsonObject("verdict").getString("detail")).startsWith("Upgrade header missing though");
        assertThat(attempt.getJsonObject("request").getJsonObject("headers").getString("Connection"))
                .isEqualTo("close");
        assertThat(attempt.encode()).doesNotContain("secret", WireClient.KEY);

        String accepted = "a-page-without-one";
        RawHttp.exchange(listing.port(), "GET /ws?attempt=" + accepted + " HTTP/1.1", handshake());
        assertThat(attempt(listing, accepted).getJsonObject("verdict").getInteger("status"))
                .isEqualTo(101);

        assertThat(attempt(listing, "another-identifier")).isEqualTo(new JsonObject().put("arrived", false));
        assertThat(explained(listing).containsKey("attempt")).isFalse();
    }

    @Test
    void an_attempt_is_not_remembered_while_explain_is_off() throws IOException {
        try (var resound = RunningResound.start("websocket.explain", "false")) {
            RawHttp.exchange(resound.port(), "GET /ws?attempt=some-secret-name HTTP/1.1");
            resound.change("websocket.explain", "true");
            assertThat(attempt(resound, "some-secret-name").getBoolean("arrived"))
                    .isFalse();
        }
    }

    @Test
    void the_limits_of_probes_are_explained() throws IOException {
        try (var resound = RunningResound.start("websocket.max-probes", "1");
                var probe = WireClient.tcp(resound.port()).handshakeAt("/ws?keep-alive=off")) {
            var explanation = json(RawHttp.exchange(resound.port(), "GET /ws?keep-alive=off&explain HTTP/1.1"));
            assertThat(explanation.getJsonObject("verdict").getString("rule")).isEqualTo("probes");
            assertThat(explanation.getJsonObject("keepAlive"))
                    .isEqualTo(new JsonObject().put("interval", 0.0).put("idleTimeout", 1800.0));
            assertThat(explanation.getJsonObject("capacity").getJsonObject("probes"))
                    .isEqualTo(new JsonObject()
                            .put("open", 1)
                            .put("limit", 1)
                            .put("openFromClient", 1)
                            .put("limitPerAddress", 20));
            assertThat(probe.localPort()).isPositive();

            var invalid = json(RawHttp.exchange(resound.port(), "GET /ws?keep-alive=no&explain HTTP/1.1"));
            assertThat(invalid.getJsonObject("verdict").getString("rule")).isEqualTo("parameters");
            assertThat(RawHttp.exchange(resound.port(), "GET /ws?keep-alive=no HTTP/1.1", handshake())
                            .body())
                    .isEqualTo("{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"keep-alive must be off, once\","
                            + "\"rule\":\"parameter\",\"parameter\":\"keep-alive\",\"found\":\"no\"}");
        }
    }

    @Test
    void switched_off_it_is_handled_as_without_the_query_and_that_can_change_while_it_runs() throws IOException {
        try (var resound = RunningResound.start("websocket.explain", "false")) {
            String line = "GET /ws?explain HTTP/1.1";
            assertThat(RawHttp.exchange(resound.port(), line).status()).isEqualTo(400);
            assertThat(RawHttp.exchange(resound.port(), line, handshake()).status())
                    .isEqualTo(101);

            resound.change("websocket.explain", "true");
            assertThat(RawHttp.exchange(resound.port(), line, handshake()).status())
                    .isEqualTo(200);

            resound.change("websocket.explain", "false");
            assertThat(RawHttp.exchange(resound.port(), line, handshake()).status())
                    .isEqualTo(101);
        }
    }
}
