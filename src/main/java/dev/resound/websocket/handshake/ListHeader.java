package dev.resound.websocket.handshake;

import java.util.ArrayList;
import java.util.List;

/** Reads headers that are comma-separated lists (RFC 9110 section 5.6). */
final class ListHeader {

    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    private ListHeader() {}

    /**
     * Returns the elements of all lines of a header in order, without surrounding whitespace and without empty elements
     * (section 5.6.1.2).
     */
    static List<String> elements(List<String> lines) {
        List<String> elements = new ArrayList<>();
        for (String line : lines) {
            for (int from = 0; from <= line.length(); ) {
                int comma = line.indexOf(',', from);
                int to = comma < 0 ? line.length() : comma;
                String element = trim(line, from, to);
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                from = to + 1;
            }
        }
        return elements;
    }

    private static String trim(String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isWhitespace(text.charAt(start))) {
            start++;
        }
        while (end > start && isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** OWS of section 5.6.3: space and horizontal tab. */
    static boolean isWhitespace(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether a text is a token (section 5.6.2). */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isTokenCharacter((char) c));
    }

    static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_SYMBOLS.indexOf(c) >= 0;
    }
}
