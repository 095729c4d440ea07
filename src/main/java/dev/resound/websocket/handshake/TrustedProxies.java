package dev.resound.websocket.handshake;

import dev.resound.ip.IpAddress;
import dev.resound.ip.IpNetwork;
import java.util.List;
import java.util.Optional;

/**
 * Finds the client's address behind trusted proxies. Anyone can send {@code X-Forwarded-For}, so it is used only as far
 * as each hop, beginning with the TCP connection, is a proxy on the list.
 */
public final class TrustedProxies {

    private static final int MAX_PORT_DIGITS = 5;
    private static final int MAX_PORT = 65535;

    private final List<IpNetwork> networks;

    /** @param networks as {@link #problem} accepts them; an empty list trusts none */
    public TrustedProxies(List<String> networks) {
        this.networks = networks.stream()
                .flatMap(network -> IpNetwork.parse(network).stream())
                .toList();
    }

    /** The rule that an entry of the list breaks; empty if it is valid. */
    public static Optional<String> problem(String network) {
        return IpNetwork.parse(network).isPresent()
                ? Optional.empty()
                : Optional.of("must be an IP address or a network, as in 10.0.0.0/8 or fd00::/8");
    }

    /**
     * Returns the client's address: the peer's or, if the peer is trusted, the last address of the chain that is not
     * trusted. An element that is not an address ({@code unknown}, {@code _hidden}) ends the search: the proxy that
     * wrote it counts as the client. Empty elements are ignored.
     *
     * @param peer the other end of the connection
     * @param forwardedFor the {@code X-Forwarded-For} headers, each a list to which every proxy appends
     */
    public IpAddress clientOf(IpAddress peer, List<String> forwardedFor) {
        if (!isTrusted(peer)) {
            return peer;
        }
        IpAddress client = peer;
        for (String hop : ListHeader.elements(forwardedFor).reversed()) {
            Optional<IpAddress> next = isTrusted(client) ? parseHop(hop) : Optional.empty();
            if (next.isEmpty()) {
                break;
            }
            client = next.get();
        }
        return client;
    }

    private boolean isTrusted(IpAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Parses an address with an optional port. An IPv6 address with a port is in brackets. */
    private static Optional<IpAddress> parseHop(String hop) {
        if (hop.startsWith("[")) {
            int close = hop.indexOf(']');
            boolean wellFormed = close > hop.indexOf(':') && hop.indexOf(':') > 0 && isPortOrNothing(hop, close + 1);
            return wellFormed ? IpAddress.parse(hop.substring(1, close)) : Optional.empty();
        }
        int colon = hop.indexOf(':');
        if (colon < 0 || colon != hop.lastIndexOf(':')) {
            return IpAddress.parse(hop);
        }
        return isPortOrNothing(hop, colon) ? IpAddress.parse(hop.substring(0, colon)) : Optional.empty();
    }

    private static boolean isPortOrNothing(String hop, int from) {
        if (from == hop.length()) {
            return true;
        }
        String digits = hop.substring(from + 1);
        return hop.charAt(from) == ':'
                && !digits.isEmpty()
                && digits.length() <= MAX_PORT_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(digits) <= MAX_PORT;
    }
}
