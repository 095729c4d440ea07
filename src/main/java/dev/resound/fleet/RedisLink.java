package dev.resound.fleet;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Redis that is opened when it is needed, and again after a failure. Whatever fails, the connection is closed: one to a
 * frozen server would keep its unanswered requests, and one to a former master would stay read-only. Attempts back off up to 30 s, with
 * jitter, so that the instances do not all connect at once when Redis is back. It has one request at a time. Not thread-safe.
 */
final class RedisLink {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final RedisStreams redis;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private RedisStreams.@Nullable Connection connection;
    private boolean busy;
    private boolean closed;
    private Duration pause = FIRST_PAUSE;
    private boolean pausing;
    private long retryAt;

    /** @param clock in nanoseconds from an arbitrary origin */
    RedisLink(RedisStreams redis, LongSupplier clock, RandomGenerator random) {
        this.redis = redis;
        this.clock = clock;
        this.random = random;
    }

    /** Whether a request may be sent now: none is in progress, and no pause is. */
    boolean isReady() {
        return !busy && !(pausing && clock.getAsLong() - retryAt < 0);
    }

    /** Whether the next request needs a new connection. */
    boolean isNew() {
        return connection == null;
    }

    /** Sends requests. Call it only if the link {@link #isReady}. */
    <T> Future<T> use(Function<RedisStreams.Connection, Future<T>> requests) {
        busy = true;
        return connected().compose(requests).onComplete(done -> {
            busy = false;
            if (done.succeeded()) {
                pausing = false;
                pause = FIRST_PAUSE;
            } else {
                close();
                pausing = true;
                retryAt = clock.getAsLong() + (long) (pause.toNanos() * random.nextDouble(0.5, 1));
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        });
    }

    private Future<RedisStreams.Connection> connected() {
        RedisStreams.Connection known = connection;
        closed = false;
        return known != null
                ? Future.succeededFuture(known)
                : redis.connect().onSuccess(opened -> {
                    if (closed) {
                        opened.close();
                    } else {
                        connection = opened;
                    }
                });
    }

    /** Closes the connection; the next request opens another one. */
    void close() {
        closed = true;
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
