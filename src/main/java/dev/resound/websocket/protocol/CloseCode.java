package dev.resound.websocket.protocol;

/** The status codes of Close frames (RFC 6455 section 7.4.1 and the IANA registry that it establishes). */
public final class CloseCode {

    public static final int NORMAL = 1000;
    public static final int GOING_AWAY = 1001;
    public static final int PROTOCOL_ERROR = 1002;
    /** The Close frame was empty; never sent. */
    public static final int NO_STATUS = 1005;
    /** The connection ended without a Close frame; never sent. */
    public static final int ABNORMAL = 1006;

    public static final int INVALID_PAYLOAD = 1007;
    public static final int TOO_BIG = 1009;
    public static final int INTERNAL_ERROR = 1011;

    private CloseCode() {}

    /**
     * Whether an endpoint may send this code in a Close frame: a registered code, or 3000 to 4999 for libraries and
     * applications. 1004 is reserved; 1005, 1006 and 1015 must never be sent (section 7.4.1).
     */
    public static boolean isValid(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}
