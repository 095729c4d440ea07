package dev.resound.websocket.handshake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An extension that a client offers (RFC 6455 section 9.1).
 *
 * @param name a token
 * @param parameters by their names; an empty value where there was none
 * @param repeated whether a parameter was given twice, which no extension has to accept
 */
public record Extension(String name, Map<String, String> parameters, boolean repeated) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern ELEMENT = Pattern.compile(
            "\\s*(" + TOKEN + ")\\s*(?:=\\s*(?:(" + TOKEN + ")|\"((?:[^\"\\\\]|\\\\.)*)\"))?\\s*([;,]|$)");

    /** All offers, in the client's order of preference; nothing where a header breaks the grammar. */
    public static Optional<List<Extension>> parse(List<String> headers) {
        List<Extension> offers = new ArrayList<>();
        for (String header : headers) {
            if (!parse(header, offers)) {
                return Optional.empty();
            }
        }
        return Optional.of(offers);
    }

    private static boolean parse(String header, List<Extension> offers) {
        Matcher element = ELEMENT.matcher(header);
        Extension current = null;
        int at = 0;
        do {
            if (!element.region(at, header.length()).lookingAt()) {
                return false;
            }
            boolean hasValue = element.group(2) != null || element.group(3) != null;
            String value = element.group(2) != null ? element.group(2) : hasValue ? unescape(element.group(3)) : "";
            if (hasValue && !value.matches(TOKEN)) {
                return false; // "the value after unescaping MUST conform to the 'token' ABNF"
            }
            if (current == null) {
                if (hasValue) {
                    return false;
                }
                current = new Extension(element.group(1), new LinkedHashMap<>(), false);
            } else if (current.parameters.putIfAbsent(element.group(1), value) != null) {
                current = new Extension(current.name, current.parameters, true);
            }
            at = element.end();
            if (!element.group(4).equals(";")) {
                offers.add(current);
                current = null;
            }
            if (element.group(4).isEmpty()) {
                return true;
            }
        } while (true);
    }

    private static String unescape(String quoted) {
        return quoted.replaceAll("\\\\(.)", "$1");
    }
}
