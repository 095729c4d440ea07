package dev.resound.websocket.handshake;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The sub-protocols that are known here (RFC 6455 section 1.9). Without any, or with unknown ones only, a client gets the echo. */
public enum Subprotocol {
    /** The echo, after one message that says who answers. */
    ECHO("resound.echo.v1"),
    /** The live feed of totals. */
    TELEMETRY("resound.telemetry.v1");

    /** The header in which a client offers and a server chooses. */
    public static final String HEADER = "Sec-WebSocket-Protocol";

    private final String token;

    Subprotocol(String token) {
        this.token = token;
    }

    /** The name on the wire; compared as it is (RFC 6455 section 4.2.2). */
    public String token() {
        return token;
    }

    /** What a client offers, in its order of preference, known or not. */
    public static List<String> offered(List<String> headers) {
        return ListHeader.elements(headers);
    }

    /**
     * Whether the headers are a list of tokens (RFC 6455 section 4.3). A header without any element offers nothing, as if it were
     * absent: clients send it for an empty list.
     */
    static boolean isSound(List<String> headers) {
        return headers.isEmpty() || offered(headers).stream().allMatch(ListHeader::isToken);
    }

    /**
     * The first that a client offers and that is known; the client's order is its preference (RFC 6455 section 4.1).
     *
     * @param headers the {@code Sec-WebSocket-Protocol} headers
     * @param feed whether the feed may be chosen
     */
    public static Optional<Subprotocol> choose(List<String> headers, boolean feed) {
        return headers.isEmpty() // As nearly always.
                ? Optional.empty()
                : offered(headers).stream()
                        .flatMap(offer -> Stream.of(values()).filter(known -> known.token.equals(offer)))
                        .filter(known -> feed || known != TELEMETRY)
                        .findFirst();
    }
}
