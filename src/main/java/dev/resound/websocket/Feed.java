package dev.resound.websocket;

import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.SharedMessage;
import java.util.List;

/**
 * The messages of the service itself: the live feed of the subprotocol {@code resound.telemetry.v1}, and the greeting
 * of {@code resound.echo.v1}. One per event loop; call it only on that event loop. This package knows nothing else
 * about their content.
 */
public interface Feed {

    /** Whether clients may subscribe to the feed now. */
    boolean enabled();

    /** The origins that may connect to the feed, in the notation of {@code OriginPolicy}; empty allows all. */
    List<String> allowedOrigins();

    /**
     * The text message that the service sends first on a connection of {@code resound.echo.v1}.
     *
     * @param http the HTTP protocol of the connection
     */
    byte[] greeting(HttpProtocol http);

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
