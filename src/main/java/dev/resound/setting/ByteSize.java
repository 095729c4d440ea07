package dev.resound.setting;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it in a configuration: {@code 512}, {@code 512B}, {@code 4KiB}, {@code 1MiB}, {@code
 * 2GiB} (IEC 80000-13: powers of 1024).
 *
 * @param bytes how many; never negative
 */
public record ByteSize(long bytes) {

    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB|TiB)?");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is never negative: " + bytes);
        }
    }

    public static ByteSize ofKiB(long kibibytes) {
        return new ByteSize(Math.multiplyExact(kibibytes, 1024));
    }

    public static ByteSize ofMiB(long mebibytes) {
        return ofKiB(Math.multiplyExact(mebibytes, 1024));
    }

    public static ByteSize ofGiB(long gibibytes) {
        return ofMiB(Math.multiplyExact(gibibytes, 1024));
    }

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException if the text is no size, or too large for 64 bits
     */
    public static ByteSize parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("not a size: " + text);
        }
        int power = match.group(2) == null ? 0 : UNITS.indexOf(match.group(2));
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(match.group(1)), 1L << (10 * power)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("not a size: " + text, e);
        }
    }

    /** The largest unit that loses nothing, for example {@code 4KiB}. */
    @Override
    public String toString() {
        long amount = bytes;
        int unit = 0;
        while (amount != 0 && amount % 1024 == 0 && unit < UNITS.size() - 1) {
            amount /= 1024;
            unit++;
        }
        return amount + UNITS.get(unit);
    }
}
