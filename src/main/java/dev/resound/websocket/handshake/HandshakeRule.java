package dev.resound.websocket.handshake;

import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A rule that a request must satisfy to become a WebSocket.
 *
 * @param name unique among the rules
 * @param sentence what must hold
 * @param refusal the response to a request that breaks the rule, without the value found
 * @param condition whether a request satisfies the rule
 * @param finding the part of the request that the rule checks
 */
record HandshakeRule(
        String name,
        String sentence,
        Refusal refusal,
        BiPredicate<HandshakeRequest, ServiceState> condition,
        Function<HandshakeRequest, Finding> finding) {

    /**
     * The part of a request that a rule checks.
     *
     * @param header the name of the header; empty if the rule is not about a header
     * @param value the value to show, truncated; empty if the client sent nothing
     */
    record Finding(String header, Optional<String> value) {

        private static final Finding NOTHING = new Finding("", Optional.empty());
        private static final int MAX_CHARACTERS = 100;

        Finding {
            value = value.map(
                    text -> text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "...");
        }

        /** The value of a header on the lists of {@link ShownHeaders}. */
        static Finding ofHeader(HandshakeRequest request, String header) {
            return new Finding(header, ShownHeaders.found(request, header));
        }

        /** A part of the request line. */
        static Finding ofRequestLine(Optional<String> value) {
            return new Finding("", value);
        }
    }

    /** A rule about the request. */
    static HandshakeRule ofRequest(
            String name,
            Refusal refusal,
            Predicate<HandshakeRequest> condition,
            Function<HandshakeRequest, Finding> finding) {
        return new HandshakeRule(
                name, refusal.detail(), refusal, (request, service) -> condition.test(request), finding);
    }

    /** A rule about one header. */
    static HandshakeRule ofHeader(String name, String header, Refusal refusal, Predicate<HandshakeRequest> condition) {
        return ofRequest(name, refusal, condition, request -> Finding.ofHeader(request, header));
    }

    /** A rule about the state of the service. */
    static HandshakeRule ofService(String name, String sentence, Refusal refusal, Predicate<ServiceState> condition) {
        return new HandshakeRule(
                name, sentence, refusal, (request, service) -> condition.test(service), request -> Finding.NOTHING);
    }

    boolean holds(HandshakeRequest request, ServiceState service) {
        return condition.test(request, service);
    }

    /** The response to a request that breaks this rule, with the header and the value found. */
    Refusal refuse(HandshakeRequest request) {
        Finding found = finding.apply(request);
        return refusal.finding(found.header(), found.value());
    }
}
