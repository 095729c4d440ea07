package dev.resound.http.netty;

/** Thrown if a request breaks a rule of HTTP. It has no stack trace, because only clients cause it. */
public final class InvalidRequest extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * @param status the HTTP status of the response
     * @param rule the broken rule with its source; sent to the client
     */
    InvalidRequest(int status, String rule) {
        super(rule, null, false, false);
        this.status = status;
    }

    static InvalidRequest badRequest(String rule) {
        return new InvalidRequest(400, rule);
    }

    public int status() {
        return status;
    }
}
