package dev.resound.described;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.FeedClient;
import dev.resound.test.RunningResound;
import dev.resound.test.WireFrame;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Takes in what the feed says while the test does other things: a client that falls behind gets no events. */
final class FeedReader implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FeedClient client;
    private final BlockingQueue<Optional<JsonObject>> incoming = new LinkedBlockingQueue<>();
    private final List<JsonObject> messages = new ArrayList<>();

    FeedReader(RunningResound resound) {
        client = FeedClient.open(resound.port());
        Thread.startVirtualThread(() -> {
            Optional<JsonObject> message;
            do {
                message = client.read();
                incoming.add(message);
            } while (message.isPresent());
        });
    }

    /** Reads on up to a message for which this holds. */
    void await(Predicate<JsonObject> condition) throws InterruptedException {
        JsonObject message = take().orElseThrow();
        while (!condition.test(message)) {
            message = take().orElseThrow();
        }
    }

    /** Reads on up to the Close frame. */
    WireFrame awaitClose() throws InterruptedException {
        Optional<JsonObject> message = take();
        while (message.isPresent()) {
            message = take();
        }
        return client.closeFrame().orElseThrow();
    }

    /** All that has been read. */
    List<JsonObject> messages() {
        return messages;
    }

    private Optional<JsonObject> take() throws InterruptedException {
        Optional<JsonObject> message = incoming.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("nothing came").isNotNull();
        message.ifPresent(messages::add);
        return message;
    }

    @Override
    public void close() {
        client.close();
    }
}
