package dev.resound.feed;

import dev.resound.telemetry.ConnectionEvent;
import dev.resound.telemetry.Counts;
import dev.resound.telemetry.Ledger;
import dev.resound.telemetry.TelemetryBus;
import dev.resound.telemetry.Totals;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * The feed of this process. Once per interval it makes one message of the totals, and hands it to the event loops that have
 * dashboards; what happens to connections it passes on at once, up to a rate. Without dashboards it makes only the samples that
 * its history keeps.
 */
public final class LiveFeed {

    private static final int EVENTS_PER_SECOND = 20;

    private final FeedFacts facts;
    private final Ledger ledger;
    private final Hello hello;
    private final History history;
    private final Recent recent = new Recent(System.nanoTime());
    private final RateLimit events = new RateLimit(EVENTS_PER_SECOND, System.nanoTime());
    private final List<Outlet> outlets = new CopyOnWriteArrayList<>();
    private long previous = System.nanoTime();
    private long sequence;
    private long suppressed;

    /** An event loop with dashboards. */
    private record Outlet(Context context, LoopFeed loop) {}

    private LiveFeed(FeedFacts facts, Ledger ledger) {
        this.facts = facts;
        this.ledger = ledger;
        this.hello = new Hello(facts);
        this.history = new History(facts.interval());
    }

    /**
     * Begins to listen, on the caller's context and until that ends.
     *
     * @param ledger what is shown
     */
    public static Future<LiveFeed> start(Vertx vertx, TelemetryBus bus, Ledger ledger, FeedFacts facts) {
        var feed = new LiveFeed(facts, ledger);
        vertx.setPeriodic(facts.interval().toMillis(), tick -> feed.tick());
        return bus.onConnection(feed::event).completion().map(feed);
    }

    /** Makes a message for nobody: the first one loads what makes JSON, and that would hold up an event loop. */
    public void prepare() {
        helloOfFeed();
    }

    FeedFacts facts() {
        return facts;
    }

    /** Any thread may ask. */
    byte[] helloOfFeed() {
        return hello.ofFeed(history.encode());
    }

    /** Any thread may ask. */
    byte[] helloOfEcho() {
        return hello.ofEcho();
    }

    /** From now on an event loop gets what there is to say; any thread may call it. */
    void connect(Context context, LoopFeed loop) {
        outlets.add(new Outlet(context, loop));
    }

    /** The event loop has no dashboard any more; any thread may call it. */
    void disconnect(LoopFeed loop) {
        outlets.removeIf(outlet -> outlet.loop() == loop);
    }

    private void tick() {
        long now = System.nanoTime();
        if (now - previous < facts.interval().toNanos() / 2) {
            return; // After a stall, the timer makes up for the ticks that it missed.
        }
        previous = now;
        sequence++;
        Totals totals = ledger.now();
        Counts counted = recent.within(now, totals.counts());
        boolean kept = history.isDue();
        if (!kept && outlets.isEmpty()) {
            return;
        }
        JsonObject sample = sample(totals, counted);
        if (kept) {
            history.add(sample);
        }
        say(sample, LoopFeed::state);
    }

    private JsonObject sample(Totals totals, Counts recently) {
        return new JsonObject()
                .put("type", "sample")
                .put("sequence", sequence)
                .put("instance", facts.instance())
                .put("time", Decimal.ofMillis(System.currentTimeMillis()))
                .put(
                        "uptime",
                        Decimal.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()))
                .put("draining", facts.service().draining().getAsBoolean())
                .put("connectionsLimit", facts.service().connectionsLimit().getAsInt())
                .mergeIn(SampleJson.of(totals, recently))
                .put("heap", heap())
                .put("eventsSuppressed", suppressed);
    }

    private static JsonObject heap() {
        Runtime runtime = Runtime.getRuntime();
        return new JsonObject()
                .put("used", runtime.totalMemory() - runtime.freeMemory())
                .put("max", runtime.maxMemory());
    }

    private void event(ConnectionEvent event) {
        if (outlets.isEmpty()) {
            return;
        }
        if (events.allows(System.nanoTime())) {
            say(EventJson.of(event, System.currentTimeMillis()), LoopFeed::event);
        } else {
            suppressed++;
        }
    }

    private void say(JsonObject message, BiConsumer<LoopFeed, byte[]> how) {
        if (outlets.isEmpty()) {
            return;
        }
        byte[] text = message.encode().getBytes(StandardCharsets.UTF_8);
        outlets.forEach(outlet -> outlet.context().runOnContext(go -> how.accept(outlet.loop(), text)));
    }
}
