package dev.resound.websocket.handshake;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request for the WebSocket path, as a list of parameters in their order. It accepts any text: a query
 * that is not a valid URI must still be explained.
 *
 * @param parameters name and value of each parameter
 */
record HandshakeQuery(List<Parameter> parameters) {

    /**
     * One parameter.
     *
     * @param name decoded; the whole parameter if it has no {@code =}
     * @param value decoded; empty if the parameter has none
     */
    record Parameter(String name, String value) {

        private static Parameter parse(String text) {
            int equals = text.indexOf('=');
            return equals < 0
                    ? new Parameter(decode(text), "")
                    : new Parameter(decode(text.substring(0, equals)), decode(text.substring(equals + 1)));
        }
    }

    /** @param query the part of the target after the question mark; null if there is none */
    static HandshakeQuery parse(@Nullable String query) {
        return query == null || query.isEmpty()
                ? new HandshakeQuery(List.of())
                : new HandshakeQuery(
                        Stream.of(query.split("&")).map(Parameter::parse).toList());
    }

    /** The values of a parameter, one for each time it was sent. */
    List<String> all(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name.equals(name))
                .map(Parameter::value)
                .toList();
    }

    boolean contains(String name) {
        return parameters.stream().anyMatch(parameter -> parameter.name.equals(name));
    }

    /** The parameters that follow the last one with this name; none if there is no such parameter. */
    HandshakeQuery after(String name) {
        for (int i = parameters.size() - 1; i >= 0; i--) {
            if (parameters.get(i).name.equals(name)) {
                return new HandshakeQuery(parameters.subList(i + 1, parameters.size()));
            }
        }
        return new HandshakeQuery(List.of());
    }

    /**
     * Decodes the percent-encoded octets of a text (RFC 3986 section 2.1). A text with an invalid escape, or one that
     * contains anything but visible ASCII once decoded, stays as it was sent.
     */
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int octet = octet(text, i + 1);
                if (octet < 0) {
                    return text;
                }
                c = (char) octet;
                i += 2;
            }
            decoded.append(c);
        }
        boolean visible = decoded.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return visible ? decoded.toString() : text;
    }

    /** The octet that two hexadecimal digits encode; negative if there are none. */
    private static int octet(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
