package dev.resound.websocket.fault;

/** A parameter of the query has a value that is not allowed. */
public final class InvalidParameter extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final String found;

    /**
     * @param parameter the name of the parameter as it was sent
     * @param found its value
     * @param rule what must hold; contains nothing that the client sent
     */
    public InvalidParameter(String parameter, String found, String rule) {
        super(rule, null, false, false); // Without a stack trace: a client causes it.
        this.parameter = parameter;
        this.found = found;
    }

    public String parameter() {
        return parameter;
    }

    public String found() {
        return found;
    }

    /** What must hold. */
    public String rule() {
        return String.valueOf(getMessage());
    }
}
