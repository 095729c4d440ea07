package dev.resound.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.ConnectionEvent;
import dev.resound.telemetry.ServiceFacts;
import dev.resound.telemetry.TelemetryBus;
import dev.resound.telemetry.TelemetryTotals;
import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.Subscriber;
import dev.resound.websocket.WebSocketSettings;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.SharedMessage;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the feed costs: something while somebody looks, and next to nothing else. */
class LoopFeedTest {

    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final Vertx vertx = Vertx.vertx();
    private final TelemetryBus bus = TelemetryBus.register(vertx);
    /** Each sample asks for the limit once. */
    private final AtomicInteger samples = new AtomicInteger();

    private final LiveFeed source = LiveFeed.start(
                    vertx,
                    bus,
                    TelemetryTotals.start(bus).await(),
                    new LiveFeed.Facts(
                            "pod",
                            new ServiceFacts(
                                    () -> false,
                                    () -> false,
                                    samples::incrementAndGet,
                                    "nio",
                                    "1.0",
                                    Optional.empty(),
                                    () -> 0,
                                    Optional.empty()),
                            INTERVAL,
                            () -> FeedSettings.DEFAULT,
                            () -> WebSocketSettings.DEFAULT))
            .await();
    private final LoopFeed loop = new LoopFeed(source);
    private final Context eventLoop = vertx.getOrCreateContext();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void without_a_dashboard_only_the_samples_of_the_history_are_made() {
        vertx.timer(500).await();
        assertThat(samples).hasValueLessThanOrEqualTo(1);
    }

    @Test
    void samples_end_with_the_last_dashboard_and_begin_again_with_the_next() throws Exception {
        var first = new Counting();
        var second = new Counting();
        onLoop(() -> loop.subscribe(first));
        onLoop(() -> loop.subscribe(second));
        first.await(3);
        onLoop(() -> loop.unsubscribe(first));
        second.states.drainPermits();
        second.await(3);

        onLoop(() -> loop.unsubscribe(second));
        vertx.timer(100).await(); // One that was being made when the last one left.
        first.states.drainPermits();
        second.states.drainPermits();
        int made = samples.get();
        vertx.timer(400).await();
        assertThat(samples).as("those of the history").hasValueLessThanOrEqualTo(made + 1);
        assertThat(first.states.availablePermits() + second.states.availablePermits())
                .isZero();

        onLoop(() -> loop.subscribe(first));
        first.await(3);
    }

    @Test
    void a_dashboard_that_comes_again_gets_each_event_once() throws Exception {
        var dashboard = new Counting();
        for (int i = 0; i < 3; i++) {
            onLoop(() -> loop.subscribe(dashboard));
            onLoop(() -> loop.unsubscribe(dashboard));
        }
        onLoop(() -> loop.subscribe(dashboard));
        bus.publish(new ConnectionEvent.Opened(
                new ConnectionInfo("1", ConnectionKind.ECHO, HttpProtocol.HTTP_1, "127.0.0.1", null)));
        dashboard.await(5);
        assertThat(dashboard.events).hasValue(1);
    }

    private void onLoop(Runnable action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        eventLoop.runOnContext(go -> {
            action.run();
            done.complete(null);
        });
        done.join();
    }

    private static final class Counting implements Subscriber {

        private final Semaphore states = new Semaphore(0);
        private final AtomicInteger events = new AtomicInteger();

        @Override
        public void state(SharedMessage message) {
            states.release();
        }

        @Override
        public void event(SharedMessage message) {
            events.incrementAndGet();
        }

        void await(int more) throws InterruptedException {
            assertThat(states.tryAcquire(more, 20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
