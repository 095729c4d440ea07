package dev.resound.feed;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Numbers for JSON: rounded, without an exponent. */
public final class Decimal {

    private static final int MILLIS = 3;
    private static final int MICROS = 6;
    private static final int NANOS = 9;

    private Decimal() {}

    /** A number per second. */
    public static BigDecimal rate(double value) {
        return plain(BigDecimal.valueOf(value).setScale(MILLIS, RoundingMode.HALF_UP));
    }

    /** Seconds, to the microsecond. */
    public static BigDecimal seconds(double value) {
        return plain(BigDecimal.valueOf(value).setScale(MICROS, RoundingMode.HALF_UP));
    }

    /** Seconds, to the microsecond. */
    public static BigDecimal seconds(Duration time) {
        return plain(BigDecimal.valueOf(time.toNanos(), NANOS).setScale(MICROS, RoundingMode.HALF_UP));
    }

    /** Seconds, from milliseconds. */
    public static BigDecimal ofMillis(long millis) {
        return plain(BigDecimal.valueOf(millis, MILLIS));
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
    }
}
