package dev.resound.websocket.handshake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An extension that a client offers (RFC 6455 section 9.1).
 *
 * @param name a token
 * @param parameters values by parameter name; the value is empty if the parameter has none
 * @param repeated whether a parameter occurs more than once
 */
record Extension(String name, Map<String, String> parameters, boolean repeated) {

    /** The header in which a client offers extensions and the server accepts them. */
    static final String HEADER = "Sec-WebSocket-Extensions";

    /**
     * Parses the {@code Sec-WebSocket-Extensions} headers in linear time.
     *
     * @return all offers in the client's order of preference; empty if a header is malformed, or if there are headers
     *     but no offers
     */
    static Optional<List<Extension>> parse(List<String> headers) {
        List<Extension> offers = new ArrayList<>();
        for (String header : headers) {
            if (!new Scanner(header).scanList(offers)) {
                return Optional.empty();
            }
        }
        return headers.isEmpty() || !offers.isEmpty() ? Optional.of(offers) : Optional.empty();
    }

    /** Reads one header from left to right. A method that returns null has found a syntax error. */
    private static final class Scanner {

        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        /** {@code extension-list = 1#extension}, ignoring empty elements (RFC 9110 section 5.6.1.2). */
        boolean scanList(List<Extension> offers) {
            do {
                skipWhitespace();
                if (at < text.length() && text.charAt(at) != ',') {
                    Extension offer = scanExtension();
                    if (offer == null) {
                        return false;
                    }
                    offers.add(offer);
                }
            } while (skip(','));
            return at == text.length();
        }

        /** {@code extension = extension-token *( ";" extension-param )}. */
        private @Nullable Extension scanExtension() {
            String name = scanToken();
            if (name == null) {
                return null;
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            boolean repeated = false;
            while (skip(';')) {
                skipWhitespace();
                String parameter = scanToken();
                String value = skip('=') ? scanValue() : "";
                if (parameter == null || value == null) {
                    return null;
                }
                repeated |= parameters.putIfAbsent(parameter, value) != null;
            }
            return new Extension(name, parameters, repeated);
        }

        private @Nullable String scanValue() {
            skipWhitespace();
            return at < text.length() && text.charAt(at) == '"' ? scanQuotedToken() : scanToken();
        }

        private @Nullable String scanToken() {
            int start = at;
            while (at < text.length() && ListHeader.isTokenCharacter(text.charAt(at))) {
                at++;
            }
            return at == start ? null : text.substring(start, at);
        }

        /** "The value after quoted-string unescaping MUST conform to the 'token' ABNF." */
        private @Nullable String scanQuotedToken() {
            var value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.isEmpty() ? null : value.toString();
                }
                if (c == '\\' && at + 1 < text.length()) {
                    c = text.charAt(++at);
                }
                if (!ListHeader.isTokenCharacter(c)) {
                    return null;
                }
                value.append(c);
            }
            return null; // The closing quote is missing.
        }

        /** Skips whitespace, and then a separator if it follows. Returns whether it did. */
        private boolean skip(char separator) {
            skipWhitespace();
            if (at < text.length() && text.charAt(at) == separator) {
                at++;
                return true;
            }
            return false;
        }

        private void skipWhitespace() {
            while (at < text.length() && ListHeader.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
    }
}
