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

    private final LiveFeed source;
    /** So long a hello is good for others: it holds the history, and a thousand dashboards that do not read would hold a thousand. */
    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<Subscriber> subscribers = new LinkedHashSet<>();
    private @Nullable SharedMessage hello;
    private long helloMadeAt;

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
        forgetHello();
        SharedMessage made = SharedMessage.text(source.helloOfFeed());
        hello = made;
        helloMadeAt = now;
        return made;
    }

    private void forgetHello() {
        if (hello != null) {
            hello.close();
            hello = null;
        }
    }

    @Override
    public void unsubscribe(Subscriber subscriber) {
        if (subscribers.remove(subscriber) && subscribers.isEmpty()) {
            source.disconnect(this);
            forgetHello();
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
