package dev.resound.telemetry;

import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.MessageType;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What tells the series of a metric apart. Nothing that a client sends is ever the value of one. */
public enum Label {
    /** There is one series. */
    NONE("", List.of()),
    PROTOCOL("protocol", labels(ConnectionKind.values(), ConnectionKind::label)),
    OUTCOME("outcome", labels(HandshakeOutcome.values(), HandshakeOutcome::label)),
    CAUSE("cause", labels(CloseCause.values(), CloseCause::label)),
    TYPE("type", labels(MessageType.values(), MessageType::label)),
    KIND("kind", labels(Reload.values(), Reload::label)),
    /** The number of an event loop, as many as there are. */
    LOOP("loop", List.of()),
    /** One value for each process. */
    VERSION("version", List.of()),
    /** One value for each process. */
    TRANSPORT("transport", List.of());

    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable one.
    private final List<String> closedSet;

    Label(String key, List<String> closedSet) {
        this.key = key;
        this.closedSet = closedSet;
    }

    /** The label's name, empty for {@link #NONE}. */
    public String key() {
        return key;
    }

    /** The closed set of values, in the order of the enum behind it; empty where the values are known at run time only. */
    public List<String> closedSet() {
        return closedSet;
    }

    private static <E extends Enum<E>> List<String> labels(E[] constants, Function<E, String> label) {
        return Stream.of(constants).map(label).toList();
    }
}
