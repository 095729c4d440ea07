package dev.resound.websocket.handshake;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The subprotocols that the service supports (RFC 6455 section 1.9). A client that offers none of them gets the plain
 * echo.
 */
public enum Subprotocol {
    /** The echo, after one message that names the instance. */
    ECHO("resound.echo.v1", ConnectionKind.ECHO),
    /** The echo, after one message with the service's view of the handshake. */
    WHOAMI("resound.whoami.v1", ConnectionKind.ECHO),
    /** The live feed of totals. */
    TELEMETRY("resound.telemetry.v1", ConnectionKind.TELEMETRY),
    /** The live feed of the whole fleet. */
    FLEET("resound.fleet.v1", ConnectionKind.TELEMETRY);

    /** The header in which a client offers subprotocols and the server answers with one. */
    public static final String HEADER = "Sec-WebSocket-Protocol";

    private final String token;
    private final ConnectionKind kind;

    Subprotocol(String token, ConnectionKind kind) {
        this.token = token;
        this.kind = kind;
    }

    /** The name on the wire; case-sensitive (RFC 6455 section 4.2.2). */
    public String token() {
        return token;
    }

    /** All subprotocols that a client offers, in its order of preference. */
    static List<String> offered(List<String> headers) {
        return ListHeader.elements(headers);
    }

    /**
     * Whether the headers are a list of tokens (RFC 6455 section 4.3). A header without elements is the same as no
     * header: some clients send it for an empty list.
     */
    static boolean isValid(List<String> headers) {
        return offered(headers).stream().allMatch(ListHeader::isToken);
    }

    /**
     * Chooses the first supported subprotocol that a client offers; the order of the offers is its preference (RFC 6455
     * section 4.1).
     *
     * @param headers the {@code Sec-WebSocket-Protocol} headers
     * @param settings say which subprotocols are enabled
     */
    static Optional<Subprotocol> choose(List<String> headers, HandshakeSettings settings) {
        return offered(headers).stream()
                .flatMap(offer -> Stream.of(values()).filter(known -> known.token.equals(offer)))
                .filter(known -> known.isEnabled(settings))
                .findFirst();
    }

    private boolean isEnabled(HandshakeSettings settings) {
        return switch (this) {
            case ECHO -> true;
            case WHOAMI -> settings.explain();
            case TELEMETRY, FLEET -> settings.feedOrigins().containsKey(this);
        };
    }

    /** The kind of a connection with the chosen subprotocol, or without one. */
    static ConnectionKind kindOf(Optional<Subprotocol> chosen) {
        return chosen.map(subprotocol -> subprotocol.kind).orElse(ConnectionKind.ECHO);
    }
}
