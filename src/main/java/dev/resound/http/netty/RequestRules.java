package dev.resound.http.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** What a request of HTTP/1.x must hold beyond what Netty's decoder checks. */
final class RequestRules {

    private static final String HOST = "a request needs exactly one Host header (RFC 9112 3.2)";
    private static final String HOST_VALUE = "the Host header must be a host and an optional port (RFC 9110 7.2)";
    private static final String TRANSFER_CODING =
            "the one transfer coding that is known here is chunked (RFC 9112 6.1)";

    private RequestRules() {}

    /** The first rule that a request breaks; empty where it keeps all. */
    static Optional<String> violation(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        boolean needed = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        if (hosts.size() > 1 || (hosts.isEmpty() && needed)) {
            return Optional.of(HOST);
        }
        if (!hosts.isEmpty() && !isHost(hosts.getFirst())) {
            return Optional.of(HOST_VALUE);
        }
        return isFramed(request) ? Optional.empty() : Optional.of(TRANSFER_CODING);
    }

    /**
     * Unless the message is chunked and nothing else, its end is a matter of opinion, and so is where the next request begins. Empty
     * elements of the list are ignored (RFC 9110 5.6.1.2), but a list of nothing else is no coding.
     */
    private static boolean isFramed(HttpRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return true;
        }
        int chunked = 0;
        for (String element : String.join(",", codings).split(",", -1)) {
            String coding = element.strip();
            if (coding.equalsIgnoreCase("chunked")) {
                chunked++;
            } else if (!coding.isEmpty()) {
                return false;
            }
        }
        return chunked == 1;
    }

    /** Without what no host can hold; a user, a path or a list would make two readers see two hosts. */
    private static boolean isHost(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7F || "/?#@,\\\"<>^`{|}".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }
}
