package dev.resound.websocket.handshake;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of the service on which one handshake depends. */
public final class ServiceState {

    private final BooleanSupplier draining;
    private final Supplier<Room> room;
    private @Nullable Room found;

    /**
     * @param draining whether the service refuses new connections because it is shutting down
     * @param room whether one more connection may open; called at most once, after all other rules hold, so it may
     *     reserve the place
     */
    public ServiceState(BooleanSupplier draining, Supplier<Room> room) {
        this.draining = draining;
        this.room = room;
    }

    boolean isDraining() {
        return draining.getAsBoolean();
    }

    /** Whether one more connection may open; the same for each call. */
    Room room() {
        Room known = found == null ? room.get() : found;
        found = known;
        return known;
    }
}
