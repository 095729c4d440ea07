package dev.resound.telemetry;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/**
 * Carries an immutable payload over the event bus: within the process as the very same object, between the nodes of a clustered
 * bus as JSON, which another version can read too.
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
