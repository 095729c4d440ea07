package dev.resound;

import dev.resound.http.WebVerticle;
import dev.resound.lifecycle.DrainSettings;
import dev.resound.lifecycle.Lifecycle;
import dev.resound.setting.Durations;
import dev.resound.websocket.ConnectionLimits;
import dev.resound.websocket.handshake.ConnectionKind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains connections; clients see only close code 1001. During {@code drain.delay} only the readiness changes, so that
 * load balancers can react. Then new handshakes are refused and open connections are closed one by one. Connections of
 * the live feed close last, so that dashboards show the drain. A drain happens once.
 */
final class Drain {

    private static final long PROGRESS_MILLIS = 1000;
    /** The time that the live feed takes to send the last change, at the default interval. */
    private static final long LAST_SAMPLE_MILLIS = 2000;

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Vertx vertx;
    private final Lifecycle lifecycle;
    private final ConnectionLimits connectionLimits;
    private final Supplier<DrainSettings> settings;
    private final List<WebVerticle> instances;
    private final Promise<Void> done = Promise.promise();

    /** @param instances the verticles of the public port */
    Drain(
            Vertx vertx,
            Lifecycle lifecycle,
            ConnectionLimits connectionLimits,
            Supplier<DrainSettings> settings,
            List<WebVerticle> instances) {
        this.vertx = vertx;
        this.lifecycle = lifecycle;
        this.connectionLimits = connectionLimits;
        this.settings = settings;
        this.instances = instances;
    }

    /**
     * Starts the drain, unless it has already started. Thread-safe.
     *
     * @return completes when no connection is left
     */
    Future<Void> begin() {
        if (lifecycle.moveTo(Lifecycle.State.LEAVING)) {
            DrainSettings current = settings.get();
            log.atInfo()
                    .addKeyValue("connections", connectionLimits.open())
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

    /** Waits until dashboards have received that no other connection is left, before their own connections close. */
    private Future<Void> showEnd() {
        Promise<Void> shown = Promise.promise();
        if (connectionLimits.open() == 0) {
            shown.complete();
        } else {
            vertx.setTimer(LAST_SAMPLE_MILLIS, over -> shown.complete());
        }
        return shown.future();
    }

    private Future<?> drain(ConnectionKind kind, Duration period) {
        return Future.join(
                instances.stream().map(instance -> instance.drain(kind, period)).toList());
    }

    private void close(DrainSettings current) {
        lifecycle.moveTo(Lifecycle.State.DRAINING);
        long start = System.nanoTime();
        long progress = vertx.setPeriodic(
                PROGRESS_MILLIS,
                tick -> log.atInfo()
                        .addKeyValue("connections", connectionLimits.open())
                        .log("draining"));
        drain(ConnectionKind.ECHO, current.period())
                .transform(closed -> showEnd())
                .transform(shown -> drain(ConnectionKind.TELEMETRY, Duration.ZERO))
                .onComplete(closed -> {
                    vertx.cancelTimer(progress);
                    log.atInfo()
                            .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
                            .log("drained");
                    done.complete();
                });
    }
}
