package dev.resound.telemetry;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.shareddata.Shareable;

/**
 * The event-bus addresses of the telemetry, and what goes over them. Published, never sent: any number may listen. The consumers
 * that are made here hear the event loops of this process; on a clustered bus, a plain {@code eventBus().consumer(SAMPLES)}
 * hears those of all nodes.
 */
public final class TelemetryBus implements Shareable {

    /** A {@link TelemetrySample} of each event loop per interval. */
    public static final String SAMPLES = "resound.telemetry";

    /** A {@link ConnectionEvent} for each connection that opens or ends. */
    public static final String CONNECTIONS = "resound.connections";

    private static final JsonCodec<TelemetrySample> SAMPLE_CODEC =
            new JsonCodec<>(SAMPLES, TelemetrySample::toJson, TelemetrySample::fromJson);
    private static final JsonCodec<ConnectionEvent> EVENT_CODEC =
            new JsonCodec<>(CONNECTIONS, ConnectionEvent::toJson, ConnectionEvent::fromJson);
    private static final DeliveryOptions AS_SAMPLE = new DeliveryOptions().setCodecName(SAMPLE_CODEC.name());
    private static final DeliveryOptions AS_EVENT = new DeliveryOptions().setCodecName(EVENT_CODEC.name());

    private final EventBus bus;

    private TelemetryBus(EventBus bus) {
        this.bus = bus;
        bus.registerCodec(SAMPLE_CODEC);
        bus.registerCodec(EVENT_CODEC);
    }

    /**
     * Makes the telemetry's payloads known to an event bus. Asked again for the same {@code Vertx}, it gives the same bus: an event
     * bus takes a codec once, and cannot be asked whether it has it.
     *
     * @throws IllegalStateException if somebody else has taken the name of a codec
     */
    public static TelemetryBus register(Vertx vertx) {
        return vertx.sharedData()
                .<String, TelemetryBus>getLocalMap(TelemetryBus.class.getName())
                .computeIfAbsent(SAMPLES, first -> new TelemetryBus(vertx.eventBus()));
    }

    public void publish(TelemetrySample sample) {
        bus.publish(SAMPLES, sample, AS_SAMPLE);
    }

    public void publish(ConnectionEvent event) {
        bus.publish(CONNECTIONS, event, AS_EVENT);
    }

    /** Listens to the samples of this process, on the caller's context. */
    public MessageConsumer<TelemetrySample> onSample(Handler<TelemetrySample> handler) {
        return bus.localConsumer(SAMPLES, message -> handler.handle(message.body()));
    }

    /** Listens to the connections of this process, on the caller's context. */
    public MessageConsumer<ConnectionEvent> onConnection(Handler<ConnectionEvent> handler) {
        return bus.localConsumer(CONNECTIONS, message -> handler.handle(message.body()));
    }
}
