package dev.resound.websocket.conformance;

import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Http2Connection;
import dev.resound.test.ObservedServer;
import dev.resound.test.OnHttp2;
import dev.resound.test.RawHttp2;
import dev.resound.test.WireClient;
import dev.resound.websocket.handshake.HandshakeOutcome;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8441: the opening handshake over HTTP/2. */
@OnHttp2
class Rfc8441HandshakeTest extends Conformance {

    private static final int PROTOCOL_ERROR = 1;

    private static final String[] CONNECT = {
        ":method", "CONNECT",
        ":protocol", "websocket",
        ":scheme", "https",
        ":authority", "localhost",
        ":path", "/ws",
        "sec-websocket-version", "13"
    };

    Rfc8441HandshakeTest() {
        super("compression", "true", "allowed-origins", "https://page.example");
    }

    private Http2Connection connection() {
        return Http2Connection.open(transport, server().port());
    }

    /** The request with one field replaced, removed (by null) or added. */
    private static String[] connect(String name, String... values) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < CONNECT.length; i += 2) {
            if (!CONNECT[i].equals(name)) {
                fields.addAll(List.of(CONNECT[i], CONNECT[i + 1]));
            }
        }
        int at = name.startsWith(":") ? 0 : fields.size();
        for (String value : values) {
            fields.addAll(at, List.of(name, value));
        }
        return fields.toArray(String[]::new);
    }

    // Accepted.

    @Test
    void the_setting_8_offers_the_extended_connect() throws IOException {
        try (var connection = connection()) {
            assertThat(connection.settings()).containsEntry(RawHttp2.ENABLE_CONNECT_PROTOCOL, 1);
        }
    }

    /** Section 5. */
    @Test
    void an_accepted_request_gets_200_without_the_headers_of_http1() {
        WireClient client = server().open();
        assertThat(client.head())
                .startsWith("HTTP/2 200 ")
                .contains("\r\ndate: ")
                .doesNotContain(
                        "sec-websocket-accept", "upgrade", "connection:", "transfer-encoding", "content-length");
        closeNormally(client.send(text("hi")).expect(text("hi")));
    }

    @Test
    void frames_sent_together_with_the_request_are_echoed() {
        closeNormally(server().request()
                .send(text("first"), text("second"))
                .expectUpgrade()
                .expect(text("first"), text("second")));
    }

    @Test
    void subprotocol_and_compression_are_negotiated() {
        try (WireClient client = server().open(
                        "Sec-WebSocket-Protocol: chat, resound.telemetry.v1",
                        "Sec-WebSocket-Extensions: permessage-deflate")) {
            assertThat(client.head())
                    .contains("\r\nsec-websocket-protocol: resound.telemetry.v1\r\n")
                    .contains("\r\nsec-websocket-extensions: permessage-deflate");
        }
        server().observer.awaitEnd();
    }

    /** Section 5: the key is of no use here. */
    @ParameterizedTest
    @ValueSource(strings = {"dGhlIHNhbXBsZSBub25jZQ==", "no key"})
    void a_key_is_ignored(String key) {
        closeNormally(server().open("Sec-WebSocket-Key: " + key));
    }

    @Test
    void each_stream_of_a_connection_is_a_websocket_of_its_own() throws IOException {
        try (var connection = connection()) {
            WireClient first = connection.open();
            WireClient second = connection.open();
            first.send(text("one"));
            second.send(text("two")).expect(text("two"));
            first.expect(text("one"));
            closeNormally(first);
            closeNormally(second.send(text("three")).expect(text("three")));
        }
    }

    // Refused.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sec-websocket-version    |               | VERSION       | 426",
                "sec-websocket-version    | 8             | VERSION       | 426",
                "sec-websocket-version    | 13,13         | VERSION       | 426",
                "sec-websocket-protocol   | a b           | NOT_WEBSOCKET | 400",
                "sec-websocket-extensions | a b           | NOT_WEBSOCKET | 400",
                "origin                   | https://other | ORIGIN        | 403",
                "content-length           | 4             | NOT_WEBSOCKET | 400",
            })
    void a_request_that_breaks_a_rule_is_refused(String name, String values, HandshakeOutcome outcome, int status)
            throws IOException {
        server().observer.handshakes.clear();
        try (var connection = connection()) {
            WireClient client =
                    connection.request(0, connect(name, values == null ? new String[0] : values.split(",")));
            client.expectStatus(status);
            if (status == 426) {
                assertThat(client.head())
                        .contains("\r\nsec-websocket-version: 13\r\n")
                        .doesNotContain("\r\nupgrade:", "\r\nconnection:");
            }
        }
        assertThat(server().observer.handshakes).containsExactly(outcome);
    }

    /** Sections 4 and 5; RFC 9113 section 8.5. No handshake is counted, because the request is not one. */
    @ParameterizedTest
    @CsvSource({
        ":protocol, connect-udp, 501",
        ":protocol, WebSocket, 501",
        ":method, GET, 400",
        ":method, POST, 400",
        ":path, ws, 400",
        ":path, '/ws x', 400",
    })
    void a_request_that_is_no_handshake_is_refused(String name, String value, int status) throws IOException {
        try (var connection = connection()) {
            connection.request(0, connect(name, value)).expectStatus(status).close();
            closeNormally(connection.open().send(text("hi")).expect(text("hi")));
        }
    }

    @Test
    void a_request_that_ends_its_stream_is_refused() throws IOException {
        try (var connection = connection()) {
            WireClient client = connection.request(RawHttp2.END_STREAM, CONNECT).expectStatus(400);
            assertThat(client.readBody()).contains("RFC 8441 5");
            client.expectEnd();
        }
    }

    /** With a status or with a reset of the stream (RFC 9113 8.1.1). */
    @ParameterizedTest
    @CsvSource({
        ":scheme, 0",
        ":path, 0",
        ":path, 1",
        ":path, 2",
        ":authority, 0",
        ":authority, 2",
        ":method, 0",
        ":protocol, 2"
    })
    void a_pseudo_header_that_is_missing_empty_or_repeated_is_malformed(String name, int times) throws IOException {
        try (var connection = connection()) {
            String[] values = IntStream.range(0, times).mapToObj(i -> "").toArray(String[]::new);
            WireClient client = connection.request(0, connect(name, values));
            try {
                assertThat(client.readHead()).startsWith("HTTP/2 4");
            } catch (UncheckedIOException reset) {
                assertThat(connection.awaitReset(connection.lastStream())).isEqualTo(PROTOCOL_ERROR);
            }
            closeNormally(connection.open().send(text("hi")).expect(text("hi")));
        }
    }

    @Test
    void a_refused_client_may_try_again_on_the_same_connection() throws IOException {
        try (var connection = connection()) {
            connection.connect().requestUpgrade("Origin: https://other").expectStatus(403);
            closeNormally(connection.open().send(text("hi")).expect(text("hi")));
        }
    }

    /** RFC 9113 8.1: the request of a refused WebSocket never ends by itself, so the server asks the client to end it. */
    @Test
    void the_stream_of_a_refused_request_is_closed_by_the_server() throws IOException {
        try (var connection = connection()) {
            WireClient client = connection.connect().requestUpgrade("Origin: https://other");
            assertThat(connection.awaitReset(connection.lastStream())).isZero();
            client.expectStatus(403).expectEnd();
        }
    }

    @Test
    void without_http2_the_setting_8_is_not_sent_and_a_request_is_refused() throws IOException {
        try (var server = ObservedServer.start(transport, "http2", "false");
                var connection = Http2Connection.open(transport, server.port())) {
            assertThat(connection.settings().getOrDefault(RawHttp2.ENABLE_CONNECT_PROTOCOL, 0))
                    .isZero();
            connection.request(0, CONNECT).expectStatus(501);
        }
    }

    @Test
    void without_http2_an_explanation_says_that_browsers_use_http1() throws IOException {
        try (var server = ObservedServer.start(transport, "http2", "false");
                var connection = Http2Connection.open(transport, server.port())) {
            String[] get = {":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", "/ws?explain"};
            var explanation = new JsonObject(connection
                    .request(RawHttp2.END_STREAM, get)
                    .expectStatus(200)
                    .readBody());
            JsonObject verdict = explanation.getJsonObject("verdict");
            assertThat(verdict.getInteger("status")).isEqualTo(101);
            assertThat(verdict.getString("detail"))
                    .contains("WebSockets over HTTP/2 are disabled", "a browser opens an HTTP/1.1 connection");
            assertThat(explanation.getJsonObject("handshake").getString("http")).isEqualTo("1.1");
        }
    }

    // The end.

    @Test
    void the_stream_ends_in_good_order_after_the_closing_handshake() throws IOException {
        try (var connection = connection()) {
            WireClient client = connection.open();
            client.send(close(1000)).expect(close(1000)).expectEnd().shutdownOutput();
            server().observer.awaitEnd();
            closeNormally(connection.open());
        }
    }
}
