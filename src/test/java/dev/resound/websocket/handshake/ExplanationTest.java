package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.ip.IpNetwork;
import dev.resound.test.ObservedServer;
import dev.resound.test.WireClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The explanation that {@code ?explain} returns, on a real socket. */
@Timeout(60)
class ExplanationTest {

    private static JsonObject explain(ObservedServer server, String request) {
        try (WireClient client = WireClient.tcp(server.port())) {
            String body = client.send(request.replace("GET /ws ", "GET /ws?explain "))
                    .expectStatus(200)
                    .readBody();
            assertThat(server.observer.handshakes).isEmpty();
            return new JsonObject(body);
        }
    }

    private static JsonObject explain(String request, String... settings) {
        try (var server = ObservedServer.start(settings)) {
            return explain(server, request);
        }
    }

    private static IpNetwork client(String address) {
        return IpNetwork.parse(address).orElseThrow();
    }

    private static Stream<JsonObject> rules(JsonObject explanation) {
        return explanation.getJsonArray("rules").stream().map(JsonObject.class::cast);
    }

    private static List<String> broken(JsonObject explanation) {
        return rules(explanation)
                .filter(rule -> !rule.getBoolean("passed"))
                .map(rule -> rule.getString("rule"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /ws,                false",
        "GET,  /ws?explain,        true",
        "GET,  /ws?explain=,       true",
        "GET,  /ws?a={&explain=1,  true",
        "GET,  /ws?explained,      false",
        "GET,  /ws?xexplain,       false",
        "POST, /ws?explain,        false",
    })
    void only_a_get_request_with_the_parameter_explain_is_explained(String method, String target, boolean wanted) {
        assertThat(Explanation.isWanted(HandshakeFixtures.http(
                        HttpMethod.valueOf(method), target, HttpVersion.HTTP_1_1, HandshakeFixtures.headers())))
                .isEqualTo(wanted);
    }

    @Test
    void a_valid_handshake_passes_every_rule() {
        JsonObject explanation = explain(WireClient.request());
        assertThat(explanation.getJsonObject("verdict"))
                .isEqualTo(new JsonObject()
                        .put("status", 101)
                        .put("outcome", "accepted")
                        .putNull("rule")
                        .put("detail", "the request would become a WebSocket"));
        assertThat(broken(explanation)).isEmpty();
        assertThat(rules(explanation).map(rule -> rule.getString("rule")))
                .containsExactly(
                        "method",
                        "http-version",
                        "target",
                        "host",
                        "upgrade",
                        "connection",
                        "body",
                        "version",
                        "protocols",
                        "extensions",
                        "key",
                        "origin",
                        "parameters",
                        "refuse",
                        "draining",
                        "memory",
                        "capacity",
                        "capacity-per-address",
                        "probes");
        assertThat(explanation.getJsonObject("request").getJsonObject("headers"))
                .isEqualTo(new JsonObject()
                        .put("Host", "localhost")
                        .put("Upgrade", "websocket")
                        .put("Connection", "Upgrade")
                        .put("Sec-WebSocket-Version", "13")
                        .put("Sec-WebSocket-Key", "valid"));
    }

    @Test
    void headers_that_a_proxy_dropped_or_replaced_are_shown() {
        JsonObject explanation =
                explain(WireClient.request().replace("Upgrade: websocket\r\nConnection: Upgrade", "Connection: close"));
        assertThat(broken(explanation)).containsExactly("upgrade", "connection");
        assertThat(explanation.getJsonObject("verdict"))
                .isEqualTo(new JsonObject()
                        .put("status", 400)
                        .put("outcome", "not-websocket")
                        .put("rule", "upgrade")
                        .put(
                                "detail",
                                "Upgrade header missing though Sec-WebSocket-Key is present: a proxy on the way removed"
                                        + " it (RFC 6455 4.2.1)"));
        assertThat(rules(explanation).filter(rule -> rule.getString("rule").equals("upgrade")))
                .containsExactly(new JsonObject()
                        .put("rule", "upgrade")
                        .put("passed", false)
                        .put("assumed", false)
                        .put("header", "Upgrade")
                        .putNull("found")
                        .put("detail", "the Upgrade header must name websocket (RFC 6455 4.2.1)"));
        assertThat(rules(explanation)
                        .filter(rule -> rule.getString("rule").equals("connection"))
                        .map(rule -> rule.getString("found")))
                .containsExactly("close");
    }

    @Test
    void rules_after_the_first_broken_one_are_checked_too() {
        try (var server = ObservedServer.start("allowed-origins", "https://a.com", "max-connections", "1")) {
            server.limits.tryAcquire(client("192.0.2.1"), 1, 0);
            server.draining.set(true);
            JsonObject explanation = explain(
                    server,
                    "GET /ws HTTP/1.0\r\nOrigin: https://b.com\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 12\r\n\r\n");
            assertThat(broken(explanation))
                    .containsExactly(
                            "http-version", "host", "upgrade", "version", "key", "origin", "draining", "capacity");
            assertThat(explanation.getBoolean("draining")).isTrue();
        }
    }

    @Test
    void only_the_entry_that_allows_the_origin_is_shown() {
        String[] listed = {"allowed-origins", "https://a.com,https://*.b.com"};
        assertThat(explain(WireClient.request("Origin: https://x.b.com"), listed)
                        .getJsonObject("origin"))
                .isEqualTo(new JsonObject()
                        .put("sent", "https://x.b.com")
                        .put("checked", "https://x.b.com")
                        .put("allowed", true)
                        .put("matched", "https://*.b.com"));
        assertThat(explain(WireClient.request("Origin: https://c.com"), listed).getJsonObject("origin"))
                .isEqualTo(new JsonObject()
                        .put("sent", "https://c.com")
                        .put("checked", "https://c.com")
                        .put("allowed", false)
                        .putNull("matched"));
        assertThat(explain(WireClient.request(), listed).getJsonObject("origin"))
                .isEqualTo(new JsonObject()
                        .putNull("sent")
                        .putNull("checked")
                        .put("allowed", true)
                        .put("matched", "no Origin sent"));
    }

    @Test
    void the_peer_the_client_and_the_headers_of_proxies_are_shown() {
        String request =
                WireClient.request("X-Forwarded-For: 198.51.100.1", "Via: 1.1 edge", "X-Forwarded-Proto: https");
        JsonObject explanation = explain(request, "trusted-proxies", "127.0.0.1");
        assertThat(explanation.getJsonObject("forwarded"))
                .isEqualTo(new JsonObject()
                        .put("X-Forwarded-For", "198.51.100.1")
                        .put("X-Forwarded-Proto", "https")
                        .put("Via", "1.1 edge"));
        JsonObject seen = explanation.getJsonObject("request").copy();
        seen.remove("headers");
        assertThat(seen)
                .isEqualTo(new JsonObject()
                        .put("method", "GET")
                        .put("version", "HTTP/1.1")
                        .put("tls", false)
                        .put("host", "localhost")
                        .put("peer", "127.0.0.1")
                        .put("client", "198.51.100.1"));
        assertThat(explain(request).getJsonObject("request").getString("client"))
                .as("nobody is trusted")
                .isEqualTo("127.0.0.1");
    }

    @Test
    void the_form_of_a_handshake_over_the_same_http_protocol_is_shown() {
        assertThat(explain(WireClient.request()).getJsonObject("handshake"))
                .isEqualTo(new JsonObject()
                        .put("http", "1.1")
                        .put(
                                "form",
                                "GET with Upgrade: websocket, Connection: Upgrade and a Sec-WebSocket-Key"
                                        + " (RFC 6455 4.1)")
                        .put("assumed", new JsonArray()));
    }

    private static final String PLAIN = "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";

    /** A plain request that asks for an explanation, with these parameters behind it. */
    private static String plain(String parameters) {
        return PLAIN.replace("/ws", "/ws?explain" + parameters);
    }

    private static List<String> assumed(JsonObject explanation) {
        return rules(explanation)
                .filter(rule -> rule.getBoolean("assumed"))
                .map(rule -> rule.getString("rule"))
                .toList();
    }

    @Test
    void a_plain_request_stands_for_the_handshake_that_a_client_would_send_on_the_same_way() {
        JsonObject explanation = explain(PLAIN);
        assertThat(explanation.getJsonObject("verdict"))
                .isEqualTo(new JsonObject()
                        .put("status", 101)
                        .put("outcome", "accepted")
                        .putNull("rule")
                        .put("detail", "a WebSocket handshake like this request would be accepted"));
        assertThat(broken(explanation)).isEmpty();
        assertThat(assumed(explanation)).containsExactly("upgrade", "connection", "version", "key");
        assertThat(explanation.getJsonObject("handshake").getJsonArray("assumed"))
                .containsExactly("Upgrade", "Connection", "Sec-WebSocket-Version", "Sec-WebSocket-Key");
        assertThat(explanation.getJsonObject("request").getJsonObject("headers"))
                .as("only what arrived")
                .isEqualTo(new JsonObject().put("Host", "localhost").put("Connection", "keep-alive"));
    }

    /** nginx does so with {@code proxy_set_header Connection upgrade}. */
    @Test
    void a_plain_request_to_which_a_proxy_added_connection_upgrade_is_no_handshake() {
        assertThat(broken(explain(PLAIN.replace("keep-alive", "upgrade")))).isEmpty();
    }

    @Test
    void a_plain_request_through_a_proxy_that_speaks_http_1_0_would_not_be_accepted() {
        JsonObject explanation = explain(PLAIN.replace("HTTP/1.1", "HTTP/1.0"));
        assertThat(explanation.getJsonObject("verdict").getString("rule")).isEqualTo("http-version");
        assertThat(broken(explanation)).containsExactly("http-version");
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    })
    void a_request_with_any_header_of_a_handshake_stands_for_itself(String header) {
        JsonObject explanation = explain(PLAIN.replace("Connection: keep-alive", header));
        assertThat(explanation.getJsonObject("verdict").getInteger("status")).isEqualTo(400);
        assertThat(assumed(explanation)).isEmpty();
        assertThat(broken(explanation)).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "&origin=https://a.com,             https://a.com,                true",
                "&origin=https%3A%2F%2Fa.com,       https://a.com,                true",
                "&origin=https://b.com,             https://b.com,                false",
                "&origin=,                          '',                           false",
                "&origin=%0d%0aX:1,                 %0d%0aX:1,                    false",
                "&origin=https://a.com&origin=null, 'https://a.com, null',        false",
                "&Origin=https://b.com,             -,                            true",
                "-,                                 -,                            true",
            })
    void a_plain_request_can_name_the_origin_of_the_page_which_is_checked_like_a_header(
            String parameters, String checked, boolean allowed) {
        JsonObject explanation =
                explain(plain(parameters == null ? "" : parameters), "allowed-origins", "https://a.com");
        assertThat(explanation.getJsonObject("origin").getString("sent")).isNull();
        assertThat(explanation.getJsonObject("origin").getString("checked")).isEqualTo(checked);
        assertThat(explanation.getJsonObject("origin").getBoolean("allowed")).isEqualTo(allowed);
        assertThat(explanation.getJsonObject("verdict").getInteger("status")).isEqualTo(allowed ? 101 : 403);
    }

    @Test
    void an_origin_before_the_parameter_explain_belongs_to_the_address_and_is_not_checked() {
        JsonObject explanation =
                explain(PLAIN.replace("/ws", "/ws?origin=https://b.com&explain"), "allowed-origins", "https://a.com");
        assertThat(explanation.getJsonObject("origin").getString("checked")).isNull();
    }

    @Test
    void an_origin_header_is_checked_even_if_the_parameter_names_an_allowed_origin() {
        String request = plain("&origin=https://a.com").replace("\r\n\r\n", "\r\nOrigin: https://b.com\r\n\r\n");
        JsonObject explanation = explain(request, "allowed-origins", "https://a.com");
        assertThat(explanation.getJsonObject("origin").getString("checked")).isEqualTo("https://b.com");
        assertThat(explanation.getJsonObject("verdict").getInteger("status")).isEqualTo(403);
    }

    @Test
    void an_endless_origin_is_truncated() {
        JsonObject explanation = explain(plain("&origin=https://" + "a".repeat(3000) + ".com"));
        assertThat(explanation.encode()).hasSizeLessThan(8000);
    }

    @Test
    void a_plain_request_can_name_the_subprotocol_that_a_page_offers() {
        assertThat(explain(plain("&protocol=chat,resound.telemetry.v1"))
                        .getJsonObject("protocol")
                        .getString("gives"))
                .isEqualTo("telemetry");
    }

    @Test
    void offered_and_accepted_extensions_are_shown() {
        String request = WireClient.request(
                "Sec-WebSocket-Protocol: a, b",
                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9");
        JsonObject explanation = explain(request);
        assertThat(explanation.getJsonObject("protocol"))
                .isEqualTo(new JsonObject()
                        .put("offered", new JsonArray().add("a").add("b"))
                        .putNull("chosen")
                        .put("gives", "echo"));
        assertThat(explanation.getJsonObject("extensions").getString("offered"))
                .isEqualTo("permessage-deflate; server_max_window_bits=9");
        assertThat(explanation.getJsonObject("extensions").getString("accepted"))
                .isNull();
        assertThat(explain(request, "compression", "true")
                        .getJsonObject("extensions")
                        .getString("accepted"))
                .isEqualTo("permessage-deflate; server_max_window_bits=9");
    }

    @Test
    void the_chosen_subprotocol_and_its_kind_are_shown() {
        assertThat(explain(WireClient.request("Sec-WebSocket-Protocol: chat, resound.telemetry.v1"))
                        .getJsonObject("protocol"))
                .isEqualTo(new JsonObject()
                        .put("offered", new JsonArray().add("chat").add("resound.telemetry.v1"))
                        .put("chosen", "resound.telemetry.v1")
                        .put("gives", "telemetry"));
        assertThat(explain(WireClient.request("Sec-WebSocket-Protocol: resound.echo.v1"))
                        .getJsonObject("protocol"))
                .isEqualTo(new JsonObject()
                        .put("offered", new JsonArray().add("resound.echo.v1"))
                        .put("chosen", "resound.echo.v1")
                        .put("gives", "echo"));
    }

    @Test
    void the_limits_and_the_keep_alive_are_shown() {
        try (var server = ObservedServer.start(
                "max-connections", "9", "max-connections-per-address", "3", "keep-alive-interval", "1500ms")) {
            server.limits.tryAcquire(client("127.0.0.1"), 9, 3);
            server.limits.tryAcquire(client("192.0.2.1"), 9, 3);
            JsonObject explanation = explain(server, WireClient.request());
            assertThat(explanation.getJsonObject("capacity"))
                    .isEqualTo(new JsonObject()
                            .put("open", 2)
                            .put("limit", 9)
                            .put("openFromClient", 1)
                            .put("countedAs", "127.0.0.1")
                            .put("limitPerAddress", 3)
                            .put(
                                    "probes",
                                    new JsonObject()
                                            .put("open", 0)
                                            .put("limit", 100)
                                            .put("openFromClient", 0)
                                            .put("limitPerAddress", 20)));
            assertThat(explanation.getJsonObject("keepAlive"))
                    .isEqualTo(new JsonObject().put("interval", 1.5).put("idleTimeout", 3.0));
            assertThat(server.limits.open()).isEqualTo(2);
        }
    }

    @Test
    void requested_faults_are_shown_and_whether_they_are_valid() {
        try (var server = ObservedServer.start()) {
            server.faults.set(true);
            String request = WireClient.request();
            JsonObject valid = explain(server, request.replace("/ws ", "/ws?explain&no-pong&delay=1s&token=a "));
            assertThat(valid.getJsonObject("faults"))
                    .isEqualTo(new JsonObject()
                            .put("enabled", true)
                            .put("requested", new JsonArray().add("delay").add("no-pong"))
                            .put("valid", true)
                            .putNull("problem"));

            JsonObject invalid = explain(server, request.replace("/ws ", "/ws?explain&delay=1h "));
            assertThat(invalid.getJsonObject("verdict").getString("rule")).isEqualTo("parameters");
            assertThat(invalid.getJsonObject("faults"))
                    .isEqualTo(new JsonObject()
                            .put("enabled", true)
                            .put("requested", new JsonArray())
                            .put("valid", false)
                            .put(
                                    "problem",
                                    new JsonObject()
                                            .put("parameter", "delay")
                                            .put("found", "1h")
                                            .put("detail", "must be delay=TIME, with a TIME from 1ms to 1m")));

            JsonObject refused = explain(server, request.replace("/ws ", "/ws?explain&refuse=418 "));
            assertThat(refused.getJsonObject("verdict").getInteger("status")).isEqualTo(418);
            assertThat(server.observer.faults).isEmpty();
        }
    }
}
