package dev.resound.websocket;

import dev.resound.websocket.protocol.SharedMessage;

/**
 * A connection of the {@link Feed}. Call it on its event loop. The caller remains responsible for closing the messages.
 */
public interface Subscriber {

    /** Sends the newest state, unless the client has not read the previous one; it then gets a newer one later. */
    void state(SharedMessage message);

    /** Sends an event, unless the client is behind. */
    void event(SharedMessage message);
}
