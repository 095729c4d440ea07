package dev.resound.telemetry;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.Shareable;
import java.util.function.Function;

/**
 * The event-bus addresses of the telemetry and their payloads. Messages are published, so any number of consumers may listen. The consumers
 * made
 * here receive what this process publishes; on a clustered bus, a plain {@code eventBus().consumer(SAMPLES)} receives all nodes' messages.
 */
public final class TelemetryBus implements Shareable {

    /** One {@link TelemetrySample} per event loop and interval. */
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
     * Registers the codecs with an event bus, once per {@code Vertx}: an event bus accepts a codec only once, and cannot tell whether it
     * has
     * it.
     *
     * @throws IllegalStateException if the name of a codec is taken
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

    /**
     * Carries an immutable payload: within the process as the same object, between the nodes of a clustered bus as JSON, which other
     * versions can read.
     *
     * @param name unique on the event bus
     * @param encoder to JSON
     * @param decoder from JSON
     */
    record JsonCodec<T>(String name, Function<T, JsonObject> encoder, Function<JsonObject, T> decoder)
            implements MessageCodec<T, T> {

        private static final byte USER_CODEC = -1;

        @Override
        public void encodeToWire(Buffer wire, T payload) {
            Buffer json = encoder.apply(payload).toBuffer();
            wire.appendInt(json.length()).appendBuffer(json);
        }

        @Override
        public T decodeFromWire(int position, Buffer wire) {
            int start = position + Integer.BYTES;
            return decoder.apply(new JsonObject(wire.getBuffer(start, start + wire.getInt(position))));
        }

        @Override
        public T transform(T payload) {
            return payload;
        }

        @Override
        public byte systemCodecID() {
            return USER_CODEC;
        }
    }
}
