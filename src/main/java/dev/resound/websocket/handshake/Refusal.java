package dev.resound.websocket.handshake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why a request does not become a WebSocket.
 *
 * @param outcome what is counted
 * @param status the HTTP status to answer with
 * @param detail the broken rule for people; holds nothing internal and nothing that the client sent
 * @param answerHeaders headers that the answer must carry, such as {@code Sec-WebSocket-Version}
 * @param header the request header that broke the rule, empty if the rule is not about one
 * @param found what the client sent there, cut if it is long; empty if it sent nothing
 */
public record Refusal(
        HandshakeOutcome outcome,
        int status,
        String detail,
        Map<String, String> answerHeaders,
        String header,
        Optional<String> found) {

    /** Seconds; by then another instance, or a slot here, is likely to be free. */
    private static final String RETRY_AFTER = "5";

    /** 403: the origin is not on the list. */
    static final Refusal ORIGIN = of(HandshakeOutcome.ORIGIN, 403, "the origin is not allowed here (RFC 6455 10.2)");

    /** 503: too many connections. */
    static final Refusal CAPACITY =
            of(HandshakeOutcome.CAPACITY, 503, "too many connections are open").with("Retry-After", RETRY_AFTER);

    /** 503: the service is shutting down. */
    static final Refusal DRAINING =
            of(HandshakeOutcome.DRAINING, 503, "the server is draining").with("Retry-After", RETRY_AFTER);

    static Refusal of(HandshakeOutcome outcome, int status, String detail) {
        return new Refusal(outcome, status, detail, Map.of(), "", Optional.empty());
    }

    Refusal with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(answerHeaders);
        more.put(name, value);
        return new Refusal(outcome, status, detail, more, header, found);
    }

    Refusal finding(String inHeader, Optional<String> value) {
        return new Refusal(outcome, status, detail, answerHeaders, inHeader, value);
    }
}
