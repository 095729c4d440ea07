package dev.resound.websocket.fault;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The misbehaviour that a client can request: the closed set of the metric label {@code fault}. {@link FaultPlan} reads
 * the values, and {@link FaultyConnection} applies them. Times are written as in the configuration, for example
 * {@code 250ms}.
 */
public enum Fault {
    /** Delays each echo. */
    DELAY("delay=TIME, with a TIME from 1ms to 1m"),
    /** Delays each echo by a random time up to this one, in addition to {@link #DELAY} and without reordering. */
    JITTER("jitter=TIME, with a TIME from 1ms to 1m"),
    /** Sends a Close frame with this code. */
    CLOSE("close=CODE@TIME, with a CODE that may be sent (1000-1003, 1007-1014, 3000-4999) and a TIME from 0s to 24h"),
    /** Resets the TCP connection, or the stream of HTTP/2, without a Close frame. */
    ABORT("abort=rst@TIME, with a TIME from 0s to 24h"),
    /** Ends the service's side of the stream without a Close frame: FIN on TCP, END_STREAM on HTTP/2. */
    HALF_CLOSE("half-close@TIME, with a TIME from 0s to 24h"),
    /** Rejects the handshake with this status. */
    REFUSE("refuse=STATUS, with a STATUS from 400 to 599"),
    /** Stops reading from the client. */
    STALL("stall=read@TIME, with a TIME from 0s to 24h"),
    /** Does not answer pings. */
    NO_PONG("no-pong, without a value"),
    /** Does not echo this percentage of the messages, chosen at random. */
    DROP("drop=PERCENT, with a PERCENT from 1 to 100"),
    /** Closes the connection with 1001 at this age. */
    MAX_AGE("max-age=TIME, with a TIME from 1ms to 24h");

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final String form;

    Fault(String form) {
        this.form = form;
    }

    /** The name of the parameter, and the label in metrics. */
    public String label() {
        return label;
    }

    /** How to request it, with the bounds of its value. */
    public String form() {
        return form;
    }

    static Optional<Fault> named(String name) {
        return Stream.of(values()).filter(fault -> fault.label.equals(name)).findFirst();
    }
}
