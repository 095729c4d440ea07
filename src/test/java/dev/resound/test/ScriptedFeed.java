package dev.resound.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.resound.websocket.Feed;
import dev.resound.websocket.ServiceMessages;
import dev.resound.websocket.Subscriber;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.protocol.SharedMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A feed that says what a test has it say; called on the server's event loop. */
public final class ScriptedFeed implements Feed {

    public static final String HELLO = "hello, dashboard";
    public static final String GREETING = "hello, client";

    private @Nullable SharedMessage hello;

    public final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    public volatile boolean enabled = true;
    public volatile List<String> allowedOrigins = List.of();
    /** The method that fails, by its name; empty for none. */
    public volatile String failing = "";

    @Override
    public boolean enabled() {
        return enabled;
    }

    @Override
    public List<String> allowedOrigins() {
        return allowedOrigins;
    }

    /** What the endpoint takes. */
    ServiceMessages messages() {
        return new ServiceMessages(this::greeting, Map.of(Subprotocol.TELEMETRY, this));
    }

    private byte[] greeting(HttpProtocol http) {
        failIf("greeting");
        return GREETING.getBytes(UTF_8);
    }

    @Override
    public SharedMessage subscribe(Subscriber subscriber) {
        failIf("subscribe");
        subscribers.add(subscriber);
        SharedMessage known = hello;
        if (known == null) {
            known = SharedMessage.text(HELLO.getBytes(UTF_8));
            hello = known;
        }
        return known;
    }

    @Override
    public void unsubscribe(Subscriber subscriber) {
        failIf("unsubscribe");
        subscribers.remove(subscriber);
    }

    private void failIf(String method) {
        if (failing.equals(method)) {
            throw new IllegalStateException("the feed fails to " + method);
        }
    }

    void state(String text) {
        try (var message = SharedMessage.text(text.getBytes(UTF_8))) {
            subscribers.forEach(subscriber -> subscriber.state(message));
        }
    }

    void event(String text) {
        try (var message = SharedMessage.text(text.getBytes(UTF_8))) {
            subscribers.forEach(subscriber -> subscriber.event(message));
        }
    }

    /** On the event loop. */
    void close() {
        if (hello != null) {
            hello.close();
            hello = null;
        }
    }
}
