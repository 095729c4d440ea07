package dev.resound.websocket.handshake;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The request line and the headers of a request.
 *
 * @param target the request's target as sent
 */
public record RequestHead(HttpMethod method, String target, HttpVersion version, MultiMap headers) {

    static final String KEY = "Sec-WebSocket-Key";

    private static final int KEY_BYTES = 16;

    public static RequestHead of(HttpServerRequest request) {
        return new RequestHead(request.method(), request.uri(), request.version(), request.headers());
    }

    /** As in the request line: {@code HTTP/1.1}. */
    public String versionName() {
        return version.alpnName().toUpperCase(Locale.ROOT);
    }

    /** A header's values, as often as it was sent. */
    public List<String> all(String header) {
        return headers.getAll(header);
    }

    /** Where the target stops to be a URI; empty where it is one. */
    OptionalInt targetBreaksAt() {
        try {
            new URI(target);
            return OptionalInt.empty();
        } catch (URISyntaxException broken) {
            return OptionalInt.of(Math.max(0, broken.getIndex()));
        }
    }

    boolean hasHost() {
        List<String> hosts = all("Host");
        return hosts.size() == 1 && !hosts.getFirst().isBlank();
    }

    /** Whether a header that is a list of tokens (RFC 9110 section 5.6.1), however often it is given, holds a token. */
    boolean hasToken(String header, String token) {
        for (String value : all(header)) {
            for (String element : value.split(",", -1)) {
                if (element.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean hasBody() {
        String length = headers.get("Content-Length");
        return headers.contains("Transfer-Encoding")
                || (length != null && !length.strip().equals("0"));
    }

    boolean hasValidKey() {
        List<String> keys = all(KEY);
        if (keys.size() != 1) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(keys.getFirst()).length == KEY_BYTES
                    && keys.getFirst().endsWith("==");
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
