package dev.resound;

import dev.resound.http.WebVerticle;
import dev.resound.lifecycle.DrainSettings;
import dev.resound.lifecycle.Lifecycle;
import dev.resound.setting.Durations;
import dev.resound.websocket.handshake.Admission;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains connections; clients see only close code 1001. For {@code drain.delay} only the readiness changes, so that load balancers can
 * react. Then
 * new handshakes are refused, and open connections are closed one by one. A drain happens once.
 */
final class Drain {

    private static final long PROGRESS_MILLIS = 1000;
    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Vertx vertx;
    private final Lifecycle lifecycle;
    private final Admission admission;
    private final Supplier<DrainSettings> settings;
    private final List<WebVerticle> instances;
    private final Promise<Void> done = Promise.promise();

    /** @param instances the verticles of the public port */
    Drain(
            Vertx vertx,
            Lifecycle lifecycle,
            Admission admission,
            Supplier<DrainSettings> settings,
            List<WebVerticle> instances) {
        this.vertx = vertx;
        this.lifecycle = lifecycle;
        this.admission = admission;
        this.settings = settings;
        this.instances = instances;
    }

    /**
     * Starts the drain unless it has started. Thread-safe.
     *
     * @return completes when no connection is left
     */
    Future<Void> begin() {
        if (lifecycle.moveTo(Lifecycle.State.LEAVING)) {
            DrainSettings current = settings.get();
            log.atInfo()
                    .addKeyValue("connections", admission.open())
                    .addKeyValue("delay", Durations.format(current.delay()))
                    .addKeyValue("period", Durations.format(current.period()))
                    .log("drain begins");
            if (current.delay().isZero()) {
                close(current);
            } else {
                vertx.setTimer(current.delay().toMillis(), over -> close(current));
            }
        }
        return done.future();
    }

    private void close(DrainSettings current) {
        lifecycle.moveTo(Lifecycle.State.DRAINING);
        long start = System.nanoTime();
        long progress = vertx.setPeriodic(
                PROGRESS_MILLIS,
                tick -> log.atInfo()
                        .addKeyValue("connections", admission.open())
                        .log("draining"));
        Future.join(instances.stream()
                        .map(instance -> instance.drain(current.period()))
                        .toList())
                .onComplete(closed -> {
                    vertx.cancelTimer(progress);
                    log.atInfo()
                            .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
                            .log("drained");
                    done.complete();
                });
    }
}
