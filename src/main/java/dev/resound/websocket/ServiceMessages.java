package dev.resound.websocket;

import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.handshake.Subprotocol;
import java.util.Map;
import java.util.function.Function;

/**
 * The messages that the service sends on its own, beside the echo. One per event loop; call it only on that event loop.
 *
 * @param greeting the text message that begins a connection of {@code resound.echo.v1} over an HTTP protocol
 * @param feeds the feeds by their subprotocols; a feed that is missing is never offered
 */
public record ServiceMessages(Function<HttpProtocol, byte[]> greeting, Map<Subprotocol, Feed> feeds) {

    public ServiceMessages {
        feeds = Map.copyOf(feeds);
    }
}
