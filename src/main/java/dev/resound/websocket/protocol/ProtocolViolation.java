package dev.resound.websocket.protocol;

/**
 * Thrown if the peer breaks a rule, so that the connection must be failed (RFC 6455 section 7.1.7). The message names
 * the rule and its section. It may be sent as the reason of the Close frame, and contains nothing that the peer sent.
 */
public final class ProtocolViolation extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final CloseCause closeCause;

    private ProtocolViolation(CloseCause closeCause, String rule) {
        // No stack trace: it is expensive, and an attacker could cause any number of them.
        super(rule, null, false, false);
        this.closeCause = closeCause;
    }

    static ProtocolViolation protocolError(String rule) {
        return new ProtocolViolation(CloseCause.PROTOCOL_ERROR, rule);
    }

    /** A violation that ends the connection with 1007. */
    public static ProtocolViolation invalidPayload(String rule) {
        return new ProtocolViolation(CloseCause.INVALID_PAYLOAD, rule);
    }

    /** A violation that ends the connection with 1009. */
    public static ProtocolViolation tooBig(String rule) {
        return new ProtocolViolation(CloseCause.TOO_BIG, rule);
    }

    /** The cause to fail the connection with. */
    public CloseCause closeCause() {
        return closeCause;
    }

    /** The broken rule, at most 123 bytes of ASCII. */
    public String rule() {
        return String.valueOf(getMessage());
    }
}
