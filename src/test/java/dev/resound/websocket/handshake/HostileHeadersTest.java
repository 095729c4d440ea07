package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.resound.test.SmallStack;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule checks 8 KB of any content in a header or in the target on a small stack and in linear time. */
@Timeout(60)
class HostileHeadersTest {

    private static final int LENGTH = 8192;

    private static final List<String> PIECES = List.of(
            "a",
            "A1",
            " ",
            "\t",
            ",",
            ", ",
            "a,",
            ";",
            "a;",
            "=",
            "a=b;",
            "\"",
            "\\",
            "\\\"",
            "\"a\",",
            "/",
            "//",
            ":",
            "::",
            "[",
            "]",
            "[]",
            ".",
            "..",
            "*",
            "*.",
            "-",
            "%",
            "%41",
            "?",
            "&",
            "&explain",
            "{",
            "é",
            "\u00ff",
            "a b",
            "http://",
            "https://a.",
            "websocket,",
            "0",
            "9:",
            "@",
            "=",
            "==",
            "+");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Upgrade",
                "Connection",
                "Content-Length",
                "Transfer-Encoding",
                "Sec-WebSocket-Version",
                "Sec-WebSocket-Key",
                "Sec-WebSocket-Protocol",
                "Sec-WebSocket-Extensions",
                "Origin",
                "X-Forwarded-For",
                "User-Agent",
            })
    void every_rule_can_check_any_header(String header) throws InterruptedException {
        for (String piece : PIECES) {
            for (String value :
                    List.of(piece, times(piece), "https://" + times(piece), "x; y=\"" + times(piece) + "\"")) {
                judge("/ws", MultiMap.caseInsensitiveMultiMap().add(header, value));
                judge(
                        "/ws",
                        MultiMap.caseInsensitiveMultiMap().add(header, value).add(header, value));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws?", "/ws", "", "http://", "http://a/ws?"})
    void every_rule_can_check_any_target(String begin) throws InterruptedException {
        for (String piece : PIECES) {
            judge(begin + times(piece), MultiMap.caseInsensitiveMultiMap());
        }
    }

    private static String times(String piece) {
        return piece.repeat(LENGTH / piece.length());
    }

    private static void judge(String target, MultiMap headers) throws InterruptedException {
        var settings = new HandshakeSettings(
                List.of("https://a.com", "https://*.a.com", "same-origin", "null"),
                Map.of(Subprotocol.TELEMETRY, List.of()),
                true,
                List.of("192.0.2.1"),
                64,
                true,
                true,
                true,
                Optional.of(DeflateSettings.DEFAULT));
        SmallStack.run(() -> assertThatCode(() -> {
                    HttpServerRequest http =
                            HandshakeFixtures.http(HttpMethod.GET, target, HttpVersion.HTTP_1_1, headers);
                    new Explanation(
                                    HandshakePolicies.of(settings, null),
                                    http,
                                    false,
                                    HandshakeFixtures.peer("192.0.2.1"))
                            .toJson(HandshakeFixtures.READY);
                })
                .doesNotThrowAnyException());
    }
}
