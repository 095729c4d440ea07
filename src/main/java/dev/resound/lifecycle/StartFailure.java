package dev.resound.lifecycle;

import java.net.BindException;

/** The service cannot start, for a reason that the person who starts it can mend. The message is one clear line. */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * A port cannot be listened on.
     *
     * @param section of the configuration that names the host and the port
     */
    public static StartFailure cannotListen(String section, String host, int port, Throwable cause) {
        // The native transports put the name of the system call and its number in front.
        String said = String.valueOf(cause.getMessage());
        String reason = cause instanceof BindException
                ? said.substring(said.lastIndexOf(": ") + 1).strip()
                : said;
        return new StartFailure(
                "cannot listen on %s:%d (%s.host, %s.port): %s".formatted(host, port, section, section, reason), cause);
    }
}
