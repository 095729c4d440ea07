package dev.resound.feed;

import io.vertx.core.Context;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** The event loops that have dashboards of one feed. Thread-safe. */
public final class Outlets {

    private final List<Outlet> outlets = new CopyOnWriteArrayList<>();

    /** An event loop with dashboards. */
    private record Outlet(Context context, LoopFeed loop) {}

    public void add(Context context, LoopFeed loop) {
        outlets.add(new Outlet(context, loop));
    }

    public void remove(LoopFeed loop) {
        outlets.removeIf(outlet -> outlet.loop() == loop);
    }

    /** Whether there is no dashboard. */
    public boolean isEmpty() {
        return outlets.isEmpty();
    }

    /** Passes a message to each event loop. */
    public void send(byte[] text, BiConsumer<LoopFeed, byte[]> sender) {
        outlets.forEach(outlet -> outlet.context().runOnContext(go -> sender.accept(outlet.loop(), text)));
    }
}
