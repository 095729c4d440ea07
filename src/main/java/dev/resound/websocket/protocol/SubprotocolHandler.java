package dev.resound.websocket.protocol;

/** Implements the subprotocol of a connection: what the service sends on its own, and whether messages are echoed. */
public interface SubprotocolHandler {

    /** Echoes every message and sends nothing else. */
    SubprotocolHandler ECHO = new SubprotocolHandler() {};

    /** Sends a greeting, then echoes every message. */
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

    /** Does the same, but reads and drops the messages of the client instead of echoing them. */
    default SubprotocolHandler withoutEcho() {
        SubprotocolHandler echoing = this;
        return new SubprotocolHandler() {
            @Override
            public void opened(Connection connection) {
                echoing.opened(connection);
            }

            @Override
            public boolean echoes(DataFrame frame) {
                return false;
            }

            @Override
            public boolean answersPings() {
                return echoing.answersPings();
            }

            @Override
            public void onPong(byte[] payload) {
                echoing.onPong(payload);
            }

            @Override
            public void closing() {
                echoing.closing();
            }
        };
    }

    /** Called when the connection opens. */
    default void opened(Connection connection) {}

    /** Whether a frame, or a piece of one, is echoed; called for each in turn. */
    default boolean echoes(DataFrame frame) {
        return true;
    }

    /** Whether pings are answered. */
    default boolean answersPings() {
        return true;
    }

    /** Called when a pong arrives. */
    default void onPong(byte[] payload) {}

    /** Called when the connection can send nothing more; may be called more than once. */
    default void closing() {}
}
