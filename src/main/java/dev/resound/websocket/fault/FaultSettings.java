package dev.resound.websocket.fault;

import dev.resound.setting.Live;

/**
 * Whether clients may request faults.
 *
 * @param enabled off by default: in production, a client must not make the service misbehave
 */
public record FaultSettings(@Live boolean enabled) {

    public static final FaultSettings DEFAULT = new FaultSettings(false);
}
