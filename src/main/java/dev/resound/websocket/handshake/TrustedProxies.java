package dev.resound.websocket.handshake;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose word is taken for the address of a client: {@code X-Forwarded-For} can be written by anybody, so it counts only where the
 * TCP connection, and each hop behind it, comes from a proxy on this list.
 */
public final class TrustedProxies {

    private static final Pattern NETWORK = Pattern.compile("([0-9A-Fa-f.:]+)(?:/(\\d{1,3}))?");
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private final List<IpSubnetFilterRule> networks;

    /** @param networks as {@link #problem} accepts them; with none, nobody is trusted */
    public TrustedProxies(List<String> networks) {
        this.networks =
                networks.stream().flatMap(network -> rule(network).stream()).toList();
    }

    /** The rule that an entry of the list breaks; empty where it is a good one. */
    public static Optional<String> problem(String network) {
        return rule(network).isPresent()
                ? Optional.empty()
                : Optional.of("must be an IP address or a network, as in 10.0.0.0/8 or fd00::/8");
    }

    private static Optional<IpSubnetFilterRule> rule(String network) {
        var match = NETWORK.matcher(network);
        InetAddress address = match.matches() ? parse(match.group(1)) : null;
        if (address == null) {
            return Optional.empty();
        }
        int bits = address.getAddress().length == 4 ? IPV4_BITS : IPV6_BITS;
        int prefix = match.group(2) == null ? bits : Integer.parseInt(match.group(2));
        return prefix > bits
                ? Optional.empty()
                : Optional.of(new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT));
    }

    /**
     * The address that a request comes from: the peer, or where that is trusted the last address of the chain that is not.
     *
     * @param peer the other end of the TCP connection
     * @param forwardedFor the {@code X-Forwarded-For} headers, each a list to which every proxy adds at the end
     */
    public String clientOf(String peer, List<String> forwardedFor) {
        String client = peer;
        List<String> hops = forwardedFor.stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .toList();
        for (String hop : hops.reversed()) {
            InetAddress next = isTrusted(client) ? parse(withoutPort(hop.strip())) : null;
            if (next == null) {
                break;
            }
            client = NetUtil.toAddressString(next);
        }
        return client;
    }

    private boolean isTrusted(String client) {
        InetAddress address = networks.isEmpty() ? null : parse(client);
        return address != null
                && networks.stream().anyMatch(network -> network.matches(new InetSocketAddress(address, 0)));
    }

    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            return hop.substring(1, Math.max(1, hop.indexOf(']')));
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private static @Nullable InetAddress parse(String address) {
        return NetUtil.createInetAddressFromIpAddressString(address);
    }
}
