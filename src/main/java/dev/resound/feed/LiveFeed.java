package dev.resound.feed;

import dev.resound.telemetry.ConnectionEvent;
import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.ProcessUsage;
import dev.resound.telemetry.ServiceFacts;
import dev.resound.telemetry.TelemetryBus;
import dev.resound.telemetry.TelemetryTotals;
import dev.resound.websocket.WebSocketSettings;
import dev.resound.websocket.handshake.HttpProtocol;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The feed of this process. Once per interval it encodes the totals as one message and passes it to the event loops that have dashboards.
 * It passes on connection events at once, up to a rate limit. Without dashboards it makes only the samples that the history keeps.
 */
public final class LiveFeed implements FeedSource {

    /**
     * What the feed shows beside the totals. Thread-safe.
     *
     * @param instance the name of this instance
     * @param service the facts that the metrics show too
     * @param interval between two samples
     * @param settings the current settings of the feed
     * @param webSocket the current WebSocket settings
     */
    public record Facts(
            String instance,
            ServiceFacts service,
            Duration interval,
            Supplier<FeedSettings> settings,
            Supplier<WebSocketSettings> webSocket) {}

    private static final int EVENTS_PER_SECOND = 20;

    private final Facts facts;
    private final TelemetryTotals totals;
    private final FeedMessages messages;
    private final History history;
    private final LastMinute lastMinute = new LastMinute(System.nanoTime());
    private final RateLimit events = new RateLimit(EVENTS_PER_SECOND, System.nanoTime());
    private final Outlets outlets = new Outlets();
    private long previous = System.nanoTime();
    private long sequence;
    private long suppressed;

    /** Whether a worker thread reads what the process uses. */
    private boolean reading;

    private LiveFeed(Facts facts, TelemetryTotals totals) {
        this.facts = facts;
        this.totals = totals;
        this.messages = new FeedMessages(facts);
        this.history = new History(facts.interval());
    }

    /** Starts to listen, on the caller's context and until that ends. */
    public static Future<LiveFeed> start(Vertx vertx, TelemetryBus bus, TelemetryTotals totals, Facts facts) {
        var feed = new LiveFeed(facts, totals);
        vertx.setPeriodic(facts.interval().toMillis(), tick -> feed.tick(vertx));
        return bus.onConnection(feed::event).completion().map(feed);
    }

    /** Encodes a message and discards it: the first one loads the JSON library, which would block an event loop. */
    public void prepare() {
        hello();
    }

    @Override
    public FeedSettings settings() {
        return facts.settings().get();
    }

    @Override
    public byte[] hello() {
        return messages.helloOfFeed(history.encode());
    }

    /** The first message of a connection of {@code resound.echo.v1}. Thread-safe. */
    public byte[] helloOfEcho(HttpProtocol http) {
        return messages.helloOfEcho(http);
    }

    @Override
    public void connect(Context context, LoopFeed loop) {
        outlets.add(context, loop);
    }

    @Override
    public void disconnect(LoopFeed loop) {
        outlets.remove(loop);
    }

    private void tick(Vertx vertx) {
        long now = System.nanoTime();
        if (now - previous < facts.interval().toNanos() / 2) {
            return; // After a stall, the timer catches up on the ticks that it missed.
        }
        previous = now;
        sequence++;
        TelemetryTotals.Snapshot current = totals.snapshot();
        CounterSnapshot recent = lastMinute.of(now, current.counts());
        boolean kept = history.isDue();
        if (!kept && outlets.isEmpty()) {
            return;
        }
        if (reading) {
            return; // No worker thread is free. This sample is missing, and the next one is not late.
        }
        reading = true;
        vertx.executeBlocking(ProcessUsage::read, false)
                .onComplete(read -> reading = false)
                .onSuccess(usage -> publish(messages.sample(sequence, current, recent, usage, suppressed), kept));
    }

    private void publish(JsonObject sample, boolean kept) {
        if (kept) {
            history.add(sample);
        }
        send(sample, LoopFeed::state);
    }

    private void event(ConnectionEvent event) {
        if (outlets.isEmpty()) {
            return;
        }
        if (events.allows(System.nanoTime())) {
            send(FeedMessages.event(event, System.currentTimeMillis()), LoopFeed::event);
        } else {
            suppressed++;
        }
    }

    private void send(JsonObject message, BiConsumer<LoopFeed, byte[]> sender) {
        if (outlets.isEmpty()) {
            return;
        }
        outlets.send(FeedMessages.utf8(message.encode()), sender);
    }

    /** What was counted in about the last minute, for current percentiles. Time is a parameter. */
    static final class LastMinute {

        private static final long SPAN = Duration.ofMinutes(1).toNanos();
        /** At most one total is kept per second, however short the interval. */
        private static final long STEP = Duration.ofSeconds(1).toNanos();

        private final Deque<Total> totals = new ArrayDeque<>();

        private record Total(long time, CounterSnapshot counts) {}

        /** @param now in nanoseconds from an arbitrary origin; nothing has been counted yet */
        LastMinute(long now) {
            totals.add(new Total(now, CounterSnapshot.EMPTY));
        }

        /** Records the current total, and returns what was counted in the last minute. */
        CounterSnapshot of(long now, CounterSnapshot total) {
            while (totals.size() > 1 && now - totals.getFirst().time() > SPAN) {
                totals.removeFirst();
            }
            CounterSnapshot before = totals.getFirst().counts();
            if (now - totals.getLast().time() >= STEP) {
                totals.addLast(new Total(now, total));
            }
            return total.minus(before);
        }
    }

    /** A token bucket with a capacity of one second. Time is a parameter. */
    static final class RateLimit {

        private final int perSecond;
        private double tokens;
        private long previous;

        /** @param now in nanoseconds from an arbitrary origin */
        RateLimit(int perSecond, long now) {
            this.perSecond = perSecond;
            this.tokens = perSecond;
            this.previous = now;
        }

        /** Takes a token if there is one. */
        boolean allows(long now) {
            double elapsed = (now - previous) / (double) TimeUnit.SECONDS.toNanos(1);
            previous = now;
            tokens = Math.min(perSecond, tokens + elapsed * perSecond);
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }
}
