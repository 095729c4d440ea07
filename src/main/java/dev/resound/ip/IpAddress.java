package dev.resound.ip;

import io.vertx.core.net.SocketAddress;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address. An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) is the IPv4 address, so two values are equal if
 * and only if they name the same host.
 *
 * @param high the first 64 of the 128 bits of the IPv6 form
 * @param low the other 64 bits; an IPv4 address is in the last 32 of them
 */
public record IpAddress(long high, long low) {

    private static final int GROUPS = 8;
    private static final int GROUPS_OF_IPV4 = 2;
    private static final int MOST_HEX_DIGITS = 4;
    private static final long MAPPED = 0xFFFFL << Integer.SIZE;
    private static final long NOT_IPV4 = -1;

    /** The IP address of a socket; empty for a Unix domain socket, a host name, or a socket that is closed already. */
    public static Optional<IpAddress> of(@Nullable SocketAddress socket) {
        if (socket == null || !socket.isInetSocket()) {
            return Optional.empty();
        }
        String address = socket.hostAddress();
        return parse(address == null ? socket.host() : address);
    }

    /**
     * Reads an address: dotted decimal without leading zeros, or IPv6 as in RFC 4291 section 2.2. It ignores the zone id of an IPv6
     * address ({@code fe80::1%eth0}), which means nothing outside of its host.
     *
     * @return empty if the text is not an IP address
     */
    public static Optional<IpAddress> parse(String text) {
        if (text.indexOf(':') >= 0) {
            return parseIpv6(text);
        }
        long bits = ipv4Bits(text, 0, text.length());
        return bits == NOT_IPV4 ? Optional.empty() : Optional.of(new IpAddress(0, MAPPED | bits));
    }

    private static long ipv4Bits(String text, int from, int to) {
        long bits = 0;
        int at = from;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0 && (at == to || text.charAt(at++) != '.')) {
                return NOT_IPV4;
            }
            int start = at;
            int value = 0;
            while (at < to && at - start < 3 && isDigit(text.charAt(at))) {
                value = 10 * value + text.charAt(at++) - '0';
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || leadingZero || value > 255) {
                return NOT_IPV4;
            }
            bits = bits << 8 | value;
        }
        return at == to ? bits : NOT_IPV4;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Optional<IpAddress> parseIpv6(String text) {
        int zone = text.indexOf('%');
        if (zone == text.length() - 1) {
            return Optional.empty();
        }
        int end = zone < 0 ? text.length() : zone;
        int[] groups = new int[GROUPS];
        int count = 0;
        int gap = text.startsWith("::") ? 0 : -1; // How many groups stand in front of "::".
        int at = gap < 0 ? 0 : 2;
        while (at < end) {
            int colon = text.indexOf(':', at, end);
            int groupEnd = colon < 0 ? end : colon;
            if (colon < 0 && text.indexOf('.', at, end) >= 0) {
                long bits = ipv4Bits(text, at, end);
                if (bits == NOT_IPV4 || count > GROUPS - GROUPS_OF_IPV4) {
                    return Optional.empty();
                }
                groups[count++] = (int) (bits >> 16);
                groups[count++] = (int) (bits & 0xFFFF);
                break;
            }
            int group = hex(text, at, groupEnd);
            if (group < 0 || count == GROUPS) {
                return Optional.empty();
            }
            groups[count++] = group;
            at = groupEnd + 1;
            if (at == end) {
                return Optional.empty(); // A single colon at the end.
            }
            if (at < end && text.charAt(at) == ':') {
                if (gap >= 0) {
                    return Optional.empty();
                }
                gap = count;
                at++;
            }
        }
        if (gap < 0 ? count != GROUPS : count == GROUPS) {
            return Optional.empty();
        }
        if (gap >= 0) {
            System.arraycopy(groups, gap, groups, GROUPS - (count - gap), count - gap);
            Arrays.fill(groups, gap, GROUPS - (count - gap), 0);
        }
        return Optional.of(new IpAddress(bits(groups, 0), bits(groups, GROUPS / 2)));
    }

    /** One to four hexadecimal digits; -1 if it is anything else. */
    private static int hex(String text, int from, int to) {
        if (from == to || to - from > MOST_HEX_DIGITS) {
            return -1;
        }
        int value = 0;
        for (int at = from; at < to; at++) {
            char c = text.charAt(at);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static long bits(int[] groups, int from) {
        long bits = 0;
        for (int i = from; i < from + GROUPS / 2; i++) {
            bits = bits << 16 | groups[i];
        }
        return bits;
    }

    /** Whether this is an IPv4 address. */
    public boolean isIpv4() {
        return high == 0 && low >>> Integer.SIZE == 0xFFFF;
    }

    /**
     * What a limit per client counts: an IPv4 address by itself, an IPv6 address with all others of its network, as one host can have
     * the whole of it.
     *
     * @param ipv6PrefixLength bits of an IPv6 address that count, 1 to 128
     */
    public IpNetwork key(int ipv6PrefixLength) {
        return new IpNetwork(this, isIpv4() ? IpNetwork.ALL_BITS : ipv6PrefixLength);
    }

    /** With all bits behind the prefix set to 0. */
    IpAddress masked(int prefixLength) {
        return new IpAddress(high & mask(prefixLength), low & mask(prefixLength - Long.SIZE));
    }

    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }

    /** The text with a port: {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}. */
    public String withPort(int port) {
        return (isIpv4() ? toString() : "[" + this + "]") + ":" + port;
    }

    /** Dotted decimal, or the text of RFC 5952: lower case, and {@code ::} for the first of the longest runs of zeros. */
    @Override
    public String toString() {
        if (isIpv4()) {
            return (low >> 24 & 0xFF) + "." + (low >> 16 & 0xFF) + "." + (low >> 8 & 0xFF) + "." + (low & 0xFF);
        }
        int gap = -1;
        int longest = 1; // A single group of zeros is written as 0 (section 4.2.2).
        for (int i = 0, run = 0; i < GROUPS; i++) {
            run = group(i) == 0 ? run + 1 : 0;
            if (run > longest) {
                longest = run;
                gap = i + 1 - run;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(i == 0 || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < GROUPS / 2 ? high : low;
        int behind = GROUPS / 2 - 1 - index % (GROUPS / 2);
        return (int) (half >>> (16 * behind)) & 0xFFFF;
    }
}
