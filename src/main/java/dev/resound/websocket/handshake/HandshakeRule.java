package dev.resound.websocket.handshake;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A rule that a request has to keep to become a WebSocket.
 *
 * @param name a word for it, unlike those of all other rules
 * @param sentence what has to be so
 * @param refusal what a request gets that breaks it
 * @param keeping whether it is kept
 * @param found what the client sent that it looks at, fit to be shown; nothing where nothing was sent
 */
public record HandshakeRule(
        String name,
        String sentence,
        Refusal refusal,
        Predicate<Handshake> keeping,
        Function<RequestHead, Optional<String>> found) {

    /** A rule about what was sent. */
    static HandshakeRule ofHead(
            String name,
            Refusal refusal,
            Predicate<RequestHead> keeping,
            Function<RequestHead, Optional<String>> found) {
        return new HandshakeRule(name, refusal.detail(), refusal, handshake -> keeping.test(handshake.head()), found);
    }

    /** A rule about one header. */
    static HandshakeRule ofHeader(String name, Refusal refusal, Predicate<RequestHead> keeping) {
        return ofHead(name, refusal, keeping, head -> ShownHeaders.value(head, refusal.header()));
    }

    /** A rule about how things are here, whatever was sent. */
    static HandshakeRule ofService(String name, String sentence, Refusal refusal, Predicate<Handshake> keeping) {
        return new HandshakeRule(name, sentence, refusal, keeping, head -> Optional.empty());
    }

    /** Whether a handshake keeps this rule. */
    public boolean isKeptBy(Handshake handshake) {
        return keeping.test(handshake);
    }
}
