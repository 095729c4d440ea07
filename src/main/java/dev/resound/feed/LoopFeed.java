package dev.resound.feed;

import dev.resound.websocket.Feed;
import dev.resound.websocket.Subscriber;
import dev.resound.websocket.protocol.SharedMessage;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The dashboards of one event loop. Only that loop's thread may call it. */
public final class LoopFeed implements Feed {

    /** How long connections share one hello. It contains the history; otherwise a thousand slow dashboards would hold a thousand copies. */
    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FeedSource source;
    private final Set<Subscriber> subscribers = new LinkedHashSet<>();
    private @Nullable SharedMessage hello;
    private long helloMadeAt;

    public LoopFeed(FeedSource source) {
        this.source = source;
    }

    @Override
    public boolean enabled() {
        return source.settings().enabled();
    }

    @Override
    public List<String> allowedOrigins() {
        return source.settings().allowedOrigins();
    }

    @Override
    public SharedMessage subscribe(Subscriber subscriber) {
        if (subscribers.isEmpty()) {
            source.connect(Objects.requireNonNull(Vertx.currentContext(), "not on an event loop"), this);
        }
        subscribers.add(subscriber);
        return hello();
    }

    private SharedMessage hello() {
        SharedMessage known = hello;
        long now = System.nanoTime();
        if (known != null && now - helloMadeAt < HELLO_NANOS) {
            return known;
        }
        releaseHello();
        SharedMessage made = SharedMessage.text(source.hello());
        hello = made;
        helloMadeAt = now;
        return made;
    }

    private void releaseHello() {
        if (hello != null) {
            hello.close();
            hello = null;
        }
    }

    @Override
    public void unsubscribe(Subscriber subscriber) {
        if (subscribers.remove(subscriber) && subscribers.isEmpty()) {
            source.disconnect(this);
            releaseHello();
        }
    }

    /** Sends a state to all dashboards of this loop that are not behind. */
    public void state(byte[] text) {
        send(text, Subscriber::state);
    }

    /** Sends an event to all dashboards of this loop that are not behind. */
    public void event(byte[] text) {
        send(text, Subscriber::event);
    }

    /** Sends a message that the next hello contains too. */
    public void renew(byte[] text) {
        releaseHello();
        event(text);
    }

    private void send(byte[] text, BiConsumer<Subscriber, SharedMessage> sender) {
        if (subscribers.isEmpty()) {
            return;
        }
        try (var message = SharedMessage.text(text)) {
            // A copy, because a subscriber that cannot be written to may unsubscribe at once.
            List.copyOf(subscribers).forEach(subscriber -> sender.accept(subscriber, message));
        }
    }
}
