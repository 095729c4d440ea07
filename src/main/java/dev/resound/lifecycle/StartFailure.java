package dev.resound.lifecycle;

import java.util.regex.Pattern;

/** The service cannot start, for a reason that the operator can fix. The message is one clear line. */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The prefix that native transports add: the system call and its error number. */
    private static final Pattern NATIVE_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * A failure to listen on a port.
     *
     * @param section of the configuration that names the host and the port
     */
    public static StartFailure cannotListen(String section, String host, int port, Throwable cause) {
        String reason = NATIVE_CALL.matcher(String.valueOf(cause.getMessage())).replaceFirst("");
        return new StartFailure(
                "cannot listen on %s:%d (%s.host, %s.port): %s".formatted(host, port, section, section, reason), cause);
    }
}
