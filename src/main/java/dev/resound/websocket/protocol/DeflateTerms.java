package dev.resound.websocket.protocol;

import dev.resound.websocket.handshake.Extension;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was agreed on for one connection (RFC 7692 section 7.1).
 *
 * @param serverContextTakeover whether our messages may refer to earlier ones
 * @param clientContextTakeover whether the client's may
 * @param serverWindowBits how far back ours may refer, as a power of two
 * @param windowBitsOffered whether the client offered {@code server_max_window_bits}, which the answer must include then
 * @param maxMessageBytes the most that a message may inflate to
 */
public record DeflateTerms(
        boolean serverContextTakeover,
        boolean clientContextTakeover,
        int serverWindowBits,
        boolean windowBitsOffered,
        long maxMessageBytes) {

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final Set<String> PARAMETERS =
            Set.of(SERVER_NO_TAKEOVER, CLIENT_NO_TAKEOVER, SERVER_BITS, CLIENT_BITS);
    private static final Set<String> BITS = Set.of("8", "9", "10", "11", "12", "13", "14", "15");
    private static final int MOST_BITS = 15;

    /** Accepts the first offer that is sound; empty where there is none, and then nothing is compressed. */
    public static Optional<DeflateTerms> negotiate(List<Extension> offers, DeflateSettings settings) {
        return offers.stream()
                .filter(DeflateTerms::isSound)
                .findFirst()
                .map(offer -> accept(offer.parameters(), settings));
    }

    /** Section 7.1: an offer with an unknown, repeated or ill-formed parameter has to be declined. */
    private static boolean isSound(Extension offer) {
        return offer.name().equals(NAME)
                && !offer.repeated()
                && offer.parameters().entrySet().stream()
                        .allMatch(parameter -> isSound(parameter.getKey(), parameter.getValue()));
    }

    private static boolean isSound(String parameter, String value) {
        return switch (parameter) {
            case SERVER_BITS -> BITS.contains(value);
            case CLIENT_BITS -> value.isEmpty() || BITS.contains(value);
            default -> PARAMETERS.contains(parameter) && value.isEmpty();
        };
    }

    private static DeflateTerms accept(Map<String, String> offered, DeflateSettings settings) {
        int bits = Integer.parseInt(offered.getOrDefault(SERVER_BITS, Integer.toString(MOST_BITS)));
        return new DeflateTerms(
                settings.contextTakeover() && !offered.containsKey(SERVER_NO_TAKEOVER),
                settings.contextTakeover() && !offered.containsKey(CLIENT_NO_TAKEOVER),
                Math.min(bits, settings.windowBits()),
                offered.containsKey(SERVER_BITS),
                settings.maxMessageSize().bytes());
    }

    /** The {@code Sec-WebSocket-Extensions} header of the answer. */
    public String header() {
        var header = new StringBuilder(NAME);
        if (!serverContextTakeover) {
            header.append("; ").append(SERVER_NO_TAKEOVER);
        }
        if (!clientContextTakeover) {
            header.append("; ").append(CLIENT_NO_TAKEOVER);
        }
        if (windowBitsOffered || serverWindowBits < MOST_BITS) { // RFC 7692 section 7.1.2.1: accepted by including it.
            header.append("; ").append(SERVER_BITS).append('=').append(serverWindowBits);
        }
        return header.toString();
    }
}
