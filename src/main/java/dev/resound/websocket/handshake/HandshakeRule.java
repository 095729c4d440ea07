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
 * @param condition whether a request satisfies the rule
 * @param refusal the response to a request that breaks the rule
 */
record HandshakeRule(
        String name,
        String sentence,
        BiPredicate<HandshakeRequest, ServiceState> condition,
        Function<HandshakeRequest, Refusal> refusal) {

    /** A rule about the request line, of which the finding is a part. */
    static HandshakeRule ofRequestLine(
            String name,
            Refusal refusal,
            Predicate<HandshakeRequest> condition,
            Function<HandshakeRequest, Optional<String>> finding) {
        return ofRequest(name, refusal.detail(), condition, request -> refusal.finding("", finding.apply(request)));
    }

    /** A rule about one header. */
    static HandshakeRule ofHeader(String name, String header, Refusal refusal, Predicate<HandshakeRequest> condition) {
        return ofHeader(name, header, refusal, condition, request -> Optional.empty());
    }

    /**
     * A rule about one header.
     *
     * @param detail describes more exactly how a request breaks the rule; empty if the rule says it all
     */
    static HandshakeRule ofHeader(
            String name,
            String header,
            Refusal refusal,
            Predicate<HandshakeRequest> condition,
            Function<HandshakeRequest, Optional<String>> detail) {
        return ofRequest(
                name,
                refusal.detail(),
                condition,
                request -> detail.apply(request)
                        .map(refusal::withDetail)
                        .orElse(refusal)
                        .finding(header, ShownHeaders.found(request, header)));
    }

    /** A rule about the request. */
    static HandshakeRule ofRequest(
            String name,
            String sentence,
            Predicate<HandshakeRequest> condition,
            Function<HandshakeRequest, Refusal> refusal) {
        return new HandshakeRule(name, sentence, (request, service) -> condition.test(request), refusal);
    }

    /** A rule about the state of the service. */
    static HandshakeRule ofService(String name, String sentence, Refusal refusal, Predicate<ServiceState> condition) {
        return new HandshakeRule(name, sentence, (request, service) -> condition.test(service), request -> refusal);
    }

    boolean holds(HandshakeRequest request, ServiceState service) {
        return condition.test(request, service);
    }

    /** The response to a request that breaks this rule, with the header and the value found. */
    Refusal refuse(HandshakeRequest request) {
        return refusal.apply(request).ofRule(name);
    }
}
