package dev.resound.websocket.handshake;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A rule that a request must keep to become a WebSocket.
 *
 * @param name a word for it, different from those of all other rules
 * @param sentence what must hold
 * @param refusal the answer to a request that breaks it, without what was found
 * @param keeping whether it is kept
 * @param finding what the client sent that the rule looks at
 */
public record HandshakeRule(
        String name,
        String sentence,
        Refusal refusal,
        Predicate<Handshake> keeping,
        Function<RequestHead, Finding> finding) {

    /**
     * What the client sent that a rule looks at.
     *
     * @param header the name of the header, empty if the rule is not about one
     * @param value fit to be shown; empty if the client sent nothing
     */
    record Finding(String header, Optional<String> value) {

        private static final Finding NOTHING = new Finding("", Optional.empty());
        private static final int MOST_CHARACTERS = 100;

        Finding {
            value = value.map(
                    text -> text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...");
        }

        /** What a header holds; only of headers that {@link ShownHeaders} allows. */
        static Finding ofHeader(RequestHead head, String header) {
            return new Finding(header, ShownHeaders.found(head, header));
        }

        /** Something that is not in a header. */
        static Finding ofRequestLine(Optional<String> value) {
            return new Finding("", value);
        }
    }

    /** A rule about what was sent. */
    static HandshakeRule ofHead(
            String name, Refusal refusal, Predicate<RequestHead> keeping, Function<RequestHead, Finding> finding) {
        return new HandshakeRule(name, refusal.detail(), refusal, handshake -> keeping.test(handshake.head()), finding);
    }

    /** A rule about one header. */
    static HandshakeRule ofHeader(String name, String header, Refusal refusal, Predicate<RequestHead> keeping) {
        return ofHead(name, refusal, keeping, head -> Finding.ofHeader(head, header));
    }

    /** A rule about the state of the service, whatever was sent. */
    static HandshakeRule ofService(String name, String sentence, Refusal refusal, Predicate<Handshake> keeping) {
        return new HandshakeRule(name, sentence, refusal, keeping, head -> Finding.NOTHING);
    }

    /** Whether a handshake keeps this rule. */
    public boolean isKeptBy(Handshake handshake) {
        return keeping.test(handshake);
    }

    /** The answer to a request that breaks this rule, with the header and the value that were found. */
    public Refusal refuse(RequestHead head) {
        Finding found = finding.apply(head);
        return refusal.finding(found.header(), found.value());
    }
}
