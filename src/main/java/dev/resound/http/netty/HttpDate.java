package dev.resound.http.netty;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The value of the {@code Date} header (RFC 9110 6.6.1), formatted once per second. Thread-safe. */
public final class HttpDate {

    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static volatile HttpDate current = new HttpDate(0);

    private final long second;
    private final String text;

    private HttpDate(long second) {
        this.second = second;
        this.text = IMF_FIXDATE.format(Instant.ofEpochSecond(second));
    }

    /** The current date, for example {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    public static String now() {
        long second = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        HttpDate known = current;
        if (known.second != second) {
            known = new HttpDate(second);
            current = known;
        }
        return known.text;
    }
}
