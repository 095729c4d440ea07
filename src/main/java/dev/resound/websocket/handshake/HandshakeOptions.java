package dev.resound.websocket.handshake;

import dev.resound.websocket.fault.FaultPlan;
import dev.resound.websocket.fault.InvalidParameter;
import java.util.List;
import java.util.Optional;

/**
 * What a client requests in the query of its handshake. Parameters with other names have no meaning for the service.
 *
 * @param keepAlive whether the service pings and disconnects the client if it is silent for the idle timeout; false is
 *     for a probe, which measures the idle timeouts of proxies
 * @param echo whether the service sends messages back; false is for a probe on which only the client sends
 * @param faults the faults that the client has requested
 * @param invalid the first parameter that is not allowed; empty if all are
 */
public record HandshakeOptions(boolean keepAlive, boolean echo, FaultPlan faults, Optional<InvalidParameter> invalid) {

    private static final String KEEP_ALIVE = "keep-alive";
    private static final String ECHO = "echo";
    private static final String OFF = "off";

    private static final HandshakeOptions NONE = new HandshakeOptions(true, true, FaultPlan.NONE, Optional.empty());

    static HandshakeOptions parse(HandshakeQuery query, HandshakeSettings settings) {
        if (query.parameters().isEmpty()) {
            return NONE;
        }
        try {
            boolean keepAlive = keepAlive(query, settings);
            return new HandshakeOptions(keepAlive, echo(query, keepAlive), faults(query, settings), Optional.empty());
        } catch (InvalidParameter invalid) {
            return new HandshakeOptions(true, true, FaultPlan.NONE, Optional.of(invalid));
        }
    }

    private static FaultPlan faults(HandshakeQuery query, HandshakeSettings settings) {
        var reader = new FaultPlan.Reader(settings.faults());
        query.parameters().forEach(parameter -> reader.read(parameter.name(), parameter.value()));
        return reader.plan();
    }

    private static boolean keepAlive(HandshakeQuery query, HandshakeSettings settings) {
        List<String> values = query.all(KEEP_ALIVE);
        if (values.isEmpty()) {
            return true;
        }
        String found = String.join(", ", values);
        if (!values.equals(List.of(OFF))) {
            throw new InvalidParameter(KEEP_ALIVE, found, "keep-alive must be off, once");
        }
        if (!settings.probes()) {
            throw new InvalidParameter(KEEP_ALIVE, found, "keep-alive=off needs websocket.max-probes above 0");
        }
        return false;
    }

    private static boolean echo(HandshakeQuery query, boolean keepAlive) {
        List<String> values = query.all(ECHO);
        if (values.isEmpty()) {
            return true;
        }
        if (keepAlive || !values.equals(List.of(OFF))) {
            throw new InvalidParameter(
                    ECHO, String.join(", ", values), "echo must be off, once, and only together with keep-alive=off");
        }
        return false;
    }
}
