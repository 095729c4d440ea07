package dev.resound.websocket;

import dev.resound.websocket.protocol.SharedMessage;

/** The part of a connection that its sub-protocol decides: what it says by itself, and whether it gives back what it hears. */
interface Role {

    /** Gives everything back, and says nothing by itself. */
    Role ECHO = new Role() {};

    /** Gives everything back, after a greeting. */
    static Role greetedEcho(byte[] greeting) {
        return new Role() {
            @Override
            public void begin(ConnectionWorker worker) {
                try (var message = SharedMessage.text(greeting)) {
                    worker.say(message);
                    worker.flush();
                }
            }
        };
    }

    /** The connection can be talked to from now on. */
    default void begin(ConnectionWorker worker) {}

    /** Whether what comes goes back. */
    default boolean echoes() {
        return true;
    }

    /** A pong came. */
    default void onPong(byte[] payload) {}

    /** Nothing can be said any more; called at least once. */
    default void end() {}
}
