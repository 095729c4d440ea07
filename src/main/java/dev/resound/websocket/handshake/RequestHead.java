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
    static final String CONTENT_LENGTH = "Content-Length";
    static final String TRANSFER_ENCODING = "Transfer-Encoding";

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

    /** Whether a header that is a list of tokens (RFC 9110 section 5.6.1) holds a token, on any of its lines and in any case. */
    boolean hasToken(String header, String token) {
        return ListHeader.elements(all(header)).stream().anyMatch(token::equalsIgnoreCase);
    }

    /** Whether a body follows (RFC 9112 section 6). */
    boolean hasBody() {
        return headers.contains(TRANSFER_ENCODING)
                || !all(CONTENT_LENGTH).stream().allMatch(RequestHead::isZero);
    }

    private static boolean isZero(String length) {
        String digits = length.strip();
        return !digits.isEmpty() && digits.chars().allMatch(c -> c == '0');
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
