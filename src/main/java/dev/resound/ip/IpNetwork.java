package dev.resound.ip;

import java.util.Optional;

/**
 * A network of IP addresses, or a single address.
 *
 * @param address the first address
 * @param bits how many of the 128 bits of the IPv6 form all addresses share; 96 and more for IPv4
 */
public record IpNetwork(IpAddress address, int bits) {

    static final int ALL_BITS = 128;

    /** Bits in front of the IPv4 address in its IPv6 form. */
    private static final int MAPPED_BITS = 96;

    private static final int MOST_DIGITS = 3;

    public IpNetwork {
        if (bits < 0 || bits > ALL_BITS) {
            throw new IllegalArgumentException("a prefix has 0 to 128 bits: " + bits);
        }
        address = address.masked(bits);
    }

    /**
     * Reads an address or a network in CIDR notation: {@code 192.0.2.1}, {@code 10.0.0.0/8}, {@code fd00::/8}. {@code
     * ::ffff:10.0.0.0/104} is {@code 10.0.0.0/8}. Bits behind the prefix are ignored.
     *
     * @return empty if the text is neither, has a zone id, or is an IPv4-mapped address with a prefix of less than 96 bits
     */
    public static Optional<IpNetwork> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (address.indexOf('%') >= 0) {
            return Optional.empty();
        }
        int before = address.indexOf(':') < 0 ? MAPPED_BITS : 0;
        int prefix = slash < 0 ? ALL_BITS - before : number(text.substring(slash + 1));
        if (prefix < 0 || before + prefix > ALL_BITS) {
            return Optional.empty();
        }
        return IpAddress.parse(address)
                .filter(parsed -> !parsed.isIpv4() || before + prefix >= MAPPED_BITS)
                .map(parsed -> new IpNetwork(parsed, before + prefix));
    }

    private static int number(String digits) {
        boolean sound = !digits.isEmpty()
                && digits.length() <= MOST_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return sound ? Integer.parseInt(digits) : -1;
    }

    /** Whether an address belongs to this network. No IPv4 address belongs to an IPv6 network, not even to {@code ::/0}. */
    public boolean contains(IpAddress other) {
        return address.isIpv4() == other.isIpv4() && other.masked(bits).equals(address);
    }

    /** In CIDR notation; a single address without a prefix length. */
    @Override
    public String toString() {
        return bits == ALL_BITS ? address.toString() : address + "/" + (address.isIpv4() ? bits - MAPPED_BITS : bits);
    }
}
