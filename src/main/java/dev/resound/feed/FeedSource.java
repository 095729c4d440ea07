package dev.resound.feed;

import io.vertx.core.Context;

/** What the dashboards of all event loops get: one source per feed. Thread-safe. */
public interface FeedSource {

    /** The current settings. */
    FeedSettings settings();

    /** The first message of a connection. */
    byte[] hello();

    /** Starts to send messages to an event loop, which has got its first dashboard. */
    void connect(Context context, LoopFeed loop);

    /** Stops to send messages to an event loop, which has no dashboard any more. */
    void disconnect(LoopFeed loop);
}
