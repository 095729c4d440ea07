package dev.resound.websocket.handshake;

import dev.resound.websocket.protocol.DeflateParameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The accepted offer of permessage-deflate (RFC 7692 section 7.1).
 *
 * @param parameters how the connection compresses and decompresses messages
 * @param responseHeader the value of {@code Sec-WebSocket-Extensions} in the response
 */
public record DeflateNegotiation(DeflateParameters parameters, String responseHeader) {

    /** The header in which a client offers extensions and the server accepts them. */
    public static final String HEADER = Extension.HEADER;

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final Set<String> BITS = Set.of("8", "9", "10", "11", "12", "13", "14", "15");
    private static final int MAX_BITS = 15;

    /** Accepts the first valid offer; empty if there is none. */
    static Optional<DeflateNegotiation> of(List<Extension> offers, DeflateSettings settings) {
        return offers.stream()
                .filter(DeflateNegotiation::isValid)
                .findFirst()
                .map(offer -> accept(offer.parameters(), settings));
    }

    /** A server must decline an offer with an unknown, repeated or invalid parameter (section 7.1). */
    private static boolean isValid(Extension offer) {
        return offer.name().equals(NAME)
                && !offer.repeated()
                && offer.parameters().entrySet().stream()
                        .allMatch(parameter -> isValid(parameter.getKey(), parameter.getValue()));
    }

    private static boolean isValid(String parameter, String value) {
        return switch (parameter) {
            case SERVER_BITS -> BITS.contains(value);
            case CLIENT_BITS -> value.isEmpty() || BITS.contains(value);
            case SERVER_NO_TAKEOVER, CLIENT_NO_TAKEOVER -> value.isEmpty();
            default -> false;
        };
    }

    private static DeflateNegotiation accept(Map<String, String> offered, DeflateSettings settings) {
        String offeredBits = offered.get(SERVER_BITS);
        var parameters = new DeflateParameters(
                settings.contextTakeover() && !offered.containsKey(SERVER_NO_TAKEOVER),
                settings.contextTakeover() && !offered.containsKey(CLIENT_NO_TAKEOVER),
                offeredBits == null
                        ? settings.windowBits()
                        : Math.min(Integer.parseInt(offeredBits), settings.windowBits()),
                settings.maxMessageSize().bytes());
        return new DeflateNegotiation(parameters, responseHeader(parameters, offeredBits != null));
    }

    private static String responseHeader(DeflateParameters parameters, boolean bitsOffered) {
        var header = new StringBuilder(NAME);
        if (!parameters.serverContextTakeover()) {
            header.append("; ").append(SERVER_NO_TAKEOVER);
        }
        if (!parameters.clientContextTakeover()) {
            header.append("; ").append(CLIENT_NO_TAKEOVER);
        }
        // A server accepts an offer of this parameter by including it in the response (section 7.1.2.1).
        if (bitsOffered || parameters.serverWindowBits() < MAX_BITS) {
            header.append("; ").append(SERVER_BITS).append('=').append(parameters.serverWindowBits());
        }
        return header.toString();
    }
}
