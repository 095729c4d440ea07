package dev.resound.test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A response of HTTP/1.x, cut out of all bytes of a connection. The cutting is strict: a byte that belongs to no response is a fault.
 *
 * @param headers by their lower-case names; several fields with one name are joined by a comma
 */
public record HttpReply(int status, Map<String, String> headers, String body) {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3}) [^\r\n]*");

    /** All responses that these bytes are; to requests that were no HEAD. */
    public static List<HttpReply> all(byte[] bytes) {
        return all(bytes, false);
    }

    /**
     * All responses that these bytes are.
     *
     * @param head whether they answer HEAD, and so have no body
     */
    public static List<HttpReply> all(byte[] bytes, boolean head) {
        List<HttpReply> replies = new ArrayList<>();
        String rest = new String(bytes, StandardCharsets.ISO_8859_1);
        while (!rest.isEmpty()) {
            int end = rest.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new AssertionError("no response: " + rest);
            }
            String[] lines = rest.substring(0, end).split("\r\n");
            Map<String, String> headers = headers(lines);
            int length = head ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
            int next = end + 4 + length;
            if (next > rest.length()) {
                throw new AssertionError("cut off: " + rest);
            }
            replies.add(new HttpReply(status(lines[0]), headers, rest.substring(end + 4, next)));
            rest = rest.substring(next);
        }
        return replies;
    }

    private static int status(String line) {
        Matcher status = STATUS_LINE.matcher(line);
        if (!status.matches()) {
            throw new AssertionError("no status line: " + line);
        }
        return Integer.parseInt(status.group(1));
    }

    private static Map<String, String> headers(String[] lines) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(": ");
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            headers.merge(name, lines[i].substring(colon + 2), (first, second) -> first + ", " + second);
        }
        return headers;
    }

    /** The value of a header; empty where there is none. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Whether it says that it is the last one of its connection. */
    public boolean isLast() {
        return header("Connection").toLowerCase(Locale.ROOT).contains("close");
    }
}
