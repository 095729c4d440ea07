package dev.resound.websocket;

import dev.resound.websocket.protocol.SharedMessage;

/** A connection of the {@link Feed}, to be talked to on its event loop. Messages stay the caller's to close. */
public interface Subscriber {

    /** Sends the newest state, unless the client has not taken the one before yet: then it gets a newer one later. */
    void state(SharedMessage message);

    /** Sends what has happened, unless the client is behind. */
    void event(SharedMessage message);
}
