package dev.resound.websocket;

import dev.resound.websocket.protocol.SharedMessage;
import java.util.List;

/**
 * What the service says by itself: the feed of the sub-protocol {@code resound.telemetry.v1}, and the greeting of {@code
 * resound.echo.v1}. One for each event loop, whose thread alone calls it. This is all that this package knows of what is said.
 */
public interface Feed {

    /** Whether connections may ask for the feed now. */
    boolean enabled();

    /** The origins that may connect to the feed, as an {@code OriginPolicy} takes them; empty allows all. */
    List<String> allowedOrigins();

    /** The message, a text, that a connection of {@code resound.echo.v1} begins with. */
    byte[] greeting();

    /**
     * A connection of the feed is open.
     *
     * @return the message that it begins with; shared with others, and good until the caller returns to the event loop
     */
    SharedMessage subscribe(Subscriber subscriber);

    /** A connection of the feed takes nothing any more; may be said more than once. */
    void unsubscribe(Subscriber subscriber);
}
