package dev.resound.websocket.handshake;

import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.fault.InvalidParameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The response to a request that is not upgraded.
 *
 * @param rule the name of the broken rule
 * @param outcome the value for the metric
 * @param status the HTTP status
 * @param detail the broken rule, for people; contains nothing internal and nothing that the client sent
 * @param answerHeaders headers that the response must have, such as {@code Sec-WebSocket-Version}
 * @param header the request header that breaks the rule; empty if the rule is not about a header
 * @param parameter the parameter of the query that breaks the rule; empty if the rule is not about a parameter
 * @param found what the client sent, truncated; empty if it sent nothing
 */
public record Refusal(
        String rule,
        HandshakeOutcome outcome,
        int status,
        String detail,
        Map<String, String> answerHeaders,
        String header,
        String parameter,
        Optional<String> found) {

    private static final int MAX_CHARACTERS = 100;

    /** In seconds. By then another instance, or a place on this one, is likely to be available. */
    private static final String RETRY_AFTER = "5";

    static final Refusal ORIGIN = of(HandshakeOutcome.ORIGIN, 403, "this origin is not allowed (RFC 6455 10.2)");

    static final Refusal OVERLOADED = capacity("memory is short");

    static final Refusal FULL = capacity("too many connections are open");

    static final Refusal FULL_FOR_CLIENT = capacity("too many connections are open from this address");

    static final Refusal FULL_FOR_PROBES = capacity("too many connections without keep-alive are open");

    static final Refusal DRAINING =
            of(HandshakeOutcome.DRAINING, 503, "the server is draining").with("Retry-After", RETRY_AFTER);

    private static Refusal capacity(String detail) {
        return of(HandshakeOutcome.CAPACITY, 503, detail).with("Retry-After", RETRY_AFTER);
    }

    static Refusal of(HandshakeOutcome outcome, int status, String detail) {
        return new Refusal("", outcome, status, detail, Map.of(), "", "", Optional.empty());
    }

    Refusal with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(answerHeaders);
        more.put(name, value);
        return new Refusal(rule, outcome, status, detail, more, header, parameter, found);
    }

    Refusal ofRule(String name) {
        return new Refusal(name, outcome, status, detail, answerHeaders, header, parameter, found);
    }

    Refusal withDetail(String other) {
        return new Refusal(rule, outcome, status, other, answerHeaders, header, parameter, found);
    }

    /** The refusal of a request with this parameter in its query. */
    static Refusal of(InvalidParameter invalid) {
        return new Refusal(
                "",
                HandshakeOutcome.PARAMETER,
                400,
                invalid.rule(),
                Map.of(),
                "",
                truncate(invalid.parameter()),
                Optional.of(truncate(invalid.found())));
    }

    /** The refusal that the client has requested. */
    static Refusal ofFault(int status) {
        return new Refusal(
                "",
                HandshakeOutcome.FAULT,
                status,
                "refused because the client requested it",
                Map.of(),
                "",
                Fault.REFUSE.label(),
                Optional.of(String.valueOf(status)));
    }

    private static String truncate(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "...";
    }

    /** The same refusal of a request in which a header, or if it is empty another part, has this value. */
    Refusal finding(String inHeader, Optional<String> value) {
        return new Refusal(
                rule, outcome, status, detail, answerHeaders, inHeader, parameter, value.map(Refusal::truncate));
    }
}
