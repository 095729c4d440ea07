package dev.resound.websocket.handshake;

import java.util.function.BooleanSupplier;

/**
 * The state of the service on which a handshake depends.
 *
 * @param draining whether the service refuses new connections because it is shutting down
 * @param room whether one more connection may open; called after all other rules hold, so it may reserve the place
 */
public record ServiceState(BooleanSupplier draining, BooleanSupplier room) {}
