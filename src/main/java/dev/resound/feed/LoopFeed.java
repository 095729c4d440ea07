package dev.resound.feed;

import dev.resound.websocket.Feed;
import dev.resound.websocket.Subscriber;
import dev.resound.websocket.frame.SharedMessage;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/** The dashboards of one event loop. Only that loop's thread may call it. */
public final class LoopFeed implements Feed {

    private final LiveFeed source;
    private final Set<Subscriber> subscribers = new LinkedHashSet<>();

    public LoopFeed(LiveFeed source) {
        this.source = source;
    }

    @Override
    public boolean enabled() {
        return source.facts().settings().get().enabled();
    }

    @Override
    public List<String> allowedOrigins() {
        return source.facts().settings().get().allowedOrigins();
    }

    @Override
    public byte[] greeting() {
        return source.helloOfEcho();
    }

    @Override
    public byte[] subscribe(Subscriber subscriber) {
        if (subscribers.isEmpty()) {
            source.connect(Objects.requireNonNull(Vertx.currentContext(), "not on an event loop"), this);
        }
        subscribers.add(subscriber);
        return source.helloOfFeed();
    }

    @Override
    public void unsubscribe(Subscriber subscriber) {
        if (subscribers.remove(subscriber) && subscribers.isEmpty()) {
            source.disconnect(this);
        }
    }

    void state(byte[] text) {
        say(text, Subscriber::state);
    }

    void event(byte[] text) {
        say(text, Subscriber::event);
    }

    private void say(byte[] text, BiConsumer<Subscriber, SharedMessage> how) {
        if (subscribers.isEmpty()) {
            return;
        }
        try (var message = SharedMessage.text(text)) {
            // A copy, as one that cannot be written to may leave at once.
            List.copyOf(subscribers).forEach(subscriber -> how.accept(subscriber, message));
        }
    }
}
