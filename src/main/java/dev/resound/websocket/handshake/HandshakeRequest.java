package dev.resound.websocket.handshake;

import dev.resound.ip.IpAddress;
import dev.resound.ip.IpNetwork;
import dev.resound.ip.PeerAddress;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A request for the WebSocket path, with the policies that apply to it.
 *
 * @param http the request itself; a GET in place of an extended CONNECT
 * @param headers the headers to check; those of the request, unless it is explained
 * @param version the version of HTTP to check; that of the request, unless it is explained
 * @param extendedConnect whether it is an extended CONNECT of HTTP/2 (RFC 8441), which has no key and no
 *     {@code Upgrade}
 * @param settings the settings in force
 * @param subprotocol the one chosen from those that the client offers
 * @param origins the origins that may connect for that subprotocol
 * @param options what the query requests
 * @param peer the other end of the connection
 * @param client the client's address: the peer's, or the one that a trusted proxy forwarded
 */
public record HandshakeRequest(
        HttpServerRequest http,
        MultiMap headers,
        HttpVersion version,
        boolean extendedConnect,
        HandshakeSettings settings,
        Optional<Subprotocol> subprotocol,
        OriginPolicy origins,
        HandshakeOptions options,
        PeerAddress peer,
        IpAddress client) {

    static final String KEY = "Sec-WebSocket-Key";
    static final String VERSION = "Sec-WebSocket-Version";
    static final String CONTENT_LENGTH = "Content-Length";
    static final String TRANSFER_ENCODING = "Transfer-Encoding";

    private static final int KEY_BYTES = 16;

    // The contents of the request.

    HttpMethod method() {
        return extendedConnect ? HttpMethod.CONNECT : http.method();
    }

    boolean isHttp2() {
        return version == HttpVersion.HTTP_2;
    }

    /** The HTTP protocol, for labels. */
    public HttpProtocol httpProtocol() {
        return HttpProtocol.of(version);
    }

    /** The version as RFC 9110 section 2.5 writes it, for example {@code HTTP/1.1} or {@code HTTP/2}. */
    String versionName() {
        return version == HttpVersion.HTTP_1_0
                ? "HTTP/1.0"
                : "HTTP/" + httpProtocol().label();
    }

    /** The request target as sent. */
    String target() {
        return http.uri();
    }

    /** The position at which the target stops being a valid URI; empty if it is valid. */
    OptionalInt targetErrorIndex() {
        try {
            new URI(target());
            return OptionalInt.empty();
        } catch (URISyntaxException invalid) {
            return OptionalInt.of(Math.max(0, invalid.getIndex()));
        }
    }

    /** All values of a header, one for each time it was sent. */
    List<String> all(String header) {
        return headers.getAll(header);
    }

    /** Whether the request names the server: in {@code Host} or, on HTTP/2, in {@code :authority}. */
    boolean hasHost() {
        List<String> hosts = all("Host");
        return hosts.size() == 1 && !hosts.getFirst().isBlank();
    }

    /**
     * Whether a header that is a list of tokens (RFC 9110 section 5.6.1) contains a token, on any of its lines and in
     * any case.
     */
    boolean hasToken(String header, String token) {
        return ListHeader.elements(all(header)).stream().anyMatch(token::equalsIgnoreCase);
    }

    /**
     * A header that only a WebSocket handshake has. If the request has one, but breaks a rule about its form, a proxy
     * on the way has changed the handshake.
     */
    Optional<String> signOfHandshake() {
        return Stream.of(KEY, VERSION).filter(name -> !all(name).isEmpty()).findFirst();
    }

    /** The identifier that the client has given to this attempt; empty if it has given none. */
    public Optional<String> attempt() {
        return HandshakeQuery.parse(http.query()).all("attempt").stream().findFirst();
    }

    /** Whether a body follows (RFC 9112 section 6). */
    boolean hasBody() {
        return headers.contains(TRANSFER_ENCODING)
                || !all(CONTENT_LENGTH).stream().allMatch(HandshakeRequest::isZero);
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

    /** The {@code Origin} header, truncated for log and events; empty if the client sent none. */
    public Optional<String> origin() {
        return ShownHeaders.value(this, "Origin");
    }

    // The policies that apply.

    /**
     * Returns what allows the {@code Origin} header, or its absence, as {@link OriginPolicy#allowing} describes it;
     * empty if it is not allowed.
     */
    Optional<String> originAllowedBy() {
        return origins.allowing(all("Origin"), headers.get("Host"));
    }

    /** What the connection is for. */
    public ConnectionKind kind() {
        return Subprotocol.kindOf(subprotocol);
    }

    /** What the limit per address counts as one client. */
    public IpNetwork countedAs() {
        return client.key(settings.ipv6PrefixLength());
    }

    /** The client's address for log and events; with the port only if the client is the peer. */
    public String remoteAddress() {
        return client.equals(peer.ip()) ? peer.toString() : client.toString();
    }

    /** The compression to use; empty if it is disabled or the client offers none that is acceptable. */
    public Optional<DeflateNegotiation> compression() {
        return settings.compression()
                .flatMap(deflate -> Extension.parse(all(Extension.HEADER))
                        .flatMap(offers -> DeflateNegotiation.of(offers, deflate)));
    }
}
