package dev.resound.websocket;

import dev.resound.websocket.protocol.SharedMessage;
import java.util.List;

/**
 * A live feed: the messages of {@code resound.telemetry.v1} or {@code resound.fleet.v1}. One per event loop; call it
 * only on that event loop. This package knows nothing else about their content.
 */
public interface Feed {

    /** Whether clients may subscribe to the feed now. */
    boolean enabled();

    /** The origins that may connect to the feed, in the notation of {@code OriginPolicy}; empty allows all. */
    List<String> allowedOrigins();

    /**
     * Subscribes a connection that has opened.
     *
     * @return the first message to send; shared with other connections, and valid until the caller returns to the event
     *     loop
     */
    SharedMessage subscribe(Subscriber subscriber);

    /** Unsubscribes a connection; may be called more than once. */
    void unsubscribe(Subscriber subscriber);
}
