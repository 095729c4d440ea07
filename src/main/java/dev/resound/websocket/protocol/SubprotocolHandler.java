package dev.resound.websocket.protocol;

/** The part of a connection that its subprotocol decides: what the service sends by itself, and whether messages are echoed. */
public interface SubprotocolHandler {

    /** Echoes every message and sends nothing by itself. */
    SubprotocolHandler ECHO = new SubprotocolHandler() {};

    /** Echoes every message, after a first message of its own. */
    static SubprotocolHandler echoAfter(byte[] greeting) {
        return new SubprotocolHandler() {
            @Override
            public void opened(Connection connection) {
                try (var message = SharedMessage.text(greeting)) {
                    connection.send(message);
                    connection.flush();
                }
            }
        };
    }

    /** The connection is open. */
    default void opened(Connection connection) {}

    /** Whether messages are echoed. */
    default boolean echoes() {
        return true;
    }

    /** A pong arrived. */
    default void onPong(byte[] payload) {}

    /** Nothing can be sent any more; may be called more than once. */
    default void closing() {}
}
