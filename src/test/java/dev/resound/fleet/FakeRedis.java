package dev.resound.fleet;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The streams of a Redis in memory, which fails as a test wants. It responds at once. */
final class FakeRedis implements RedisStreams {

    final Map<String, List<Item>> streams = new HashMap<>();
    /** How the streams were trimmed last. */
    final Map<String, Trim> trims = new HashMap<>();

    /** Its clock. */
    long millis = 1_000_000_000;

    /** Why requests fail; empty while they succeed. */
    String failure = "";
    /** Whether it responds to nothing. */
    boolean frozen;

    int connections;
    int closed;
    int requests;
    private final List<Promise<?>> unanswered = new ArrayList<>();

    @Override
    public Future<Connection> connect() {
        return answer(() -> {
            connections++;
            return new Open();
        });
    }

    private <T> Future<T> answer(Supplier<T> result) {
        requests++;
        if (frozen) {
            Promise<T> promise = Promise.promise();
            unanswered.add(promise);
            return promise.future();
        }
        return failure.isEmpty() ? Future.succeededFuture(result.get()) : Future.failedFuture(failure);
    }

    /** The unanswered requests take too long. */
    void timeout() {
        List<Promise<?>> late = List.copyOf(unanswered);
        unanswered.clear();
        late.forEach(request -> request.tryFail("timed out"));
    }

    List<Item> items(String stream) {
        return streams.computeIfAbsent(stream, none -> new ArrayList<>());
    }

    /** Appends an entry as another instance would. */
    Id append(String stream, Buffer entry) {
        List<Item> items = items(stream);
        Id last = items.isEmpty() ? Id.NONE : items.getLast().id();
        Id id = millis > last.millis() ? Id.at(millis) : new Id(last.millis(), last.sequence() + 1);
        items.add(new Item(id, entry));
        return id;
    }

    private final class Open implements Connection {

        @Override
        public Future<Id> append(String stream, Trim trim, Buffer entry) {
            return answer(() -> {
                trims.put(stream, trim);
                return FakeRedis.this.append(stream, entry);
            });
        }

        @Override
        public Future<List<Item>> read(String stream, Id after, int most) {
            return answer(() -> items(stream).stream()
                    .filter(item -> item.id().compareTo(after) > 0)
                    .limit(most)
                    .toList());
        }

        @Override
        public Future<Optional<Id>> newest(String stream) {
            return answer(() -> items(stream).isEmpty()
                    ? Optional.empty()
                    : Optional.of(items(stream).getLast().id()));
        }

        @Override
        public Future<Long> time() {
            return answer(() -> millis);
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
