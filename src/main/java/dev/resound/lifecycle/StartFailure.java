package dev.resound.lifecycle;

/** The service cannot start, for a reason that the person who starts it can mend. The message is one clear line. */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** A port cannot be listened on. */
    public static StartFailure cannotListen(String setting, String host, int port, Throwable cause) {
        return new StartFailure(
                "cannot listen on %s:%d (%s): %s".formatted(host, port, setting, cause.getMessage()), cause);
    }
}
