package dev.resound.websocket.handshake;

import dev.resound.websocket.HandshakeOutcome;
import java.util.Map;

/**
 * Why a request does not become a WebSocket.
 *
 * @param outcome what is counted
 * @param status the HTTP status to answer with
 * @param header the request header that the rule is about, empty where it is about none
 * @param detail the broken rule for people; holds nothing internal and nothing that the client sent
 * @param answerHeaders what the answer has to carry, such as {@code Sec-WebSocket-Version}
 */
public record Refusal(
        HandshakeOutcome outcome, int status, String header, String detail, Map<String, String> answerHeaders) {

    static Refusal of(HandshakeOutcome outcome, int status, String header, String detail) {
        return new Refusal(outcome, status, header, detail, Map.of());
    }

    Refusal with(String name, String value) {
        return new Refusal(outcome, status, header, detail, Map.of(name, value));
    }
}
