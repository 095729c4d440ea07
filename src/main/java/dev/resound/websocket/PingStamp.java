package dev.resound.websocket;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * The payload of our pings, a time, and what a pong that carries it tells. A pong with any other payload is allowed (RFC 6455
 * section 5.5.3) and tells nothing, so that no client can make up round-trip times.
 */
final class PingStamp {

    private long sent;
    private boolean awaited;

    /** The payload of a ping that is sent now; only the newest one is waited for. */
    byte[] next(long now) {
        sent = now;
        awaited = true;
        return ByteBuffer.allocate(Long.BYTES).putLong(now).array();
    }

    /** The nanoseconds since the ping that this pong answers; empty where it answers none. */
    OptionalLong roundTrip(byte[] pong, long now) {
        if (!awaited || pong.length != Long.BYTES || ByteBuffer.wrap(pong).getLong() != sent) {
            return OptionalLong.empty();
        }
        awaited = false;
        return OptionalLong.of(now - sent);
    }
}
