package dev.resound.websocket.protocol;

import dev.resound.setting.ByteSize;
import dev.resound.setting.Rules;

/**
 * How messages are compressed where a client offers permessage-deflate (RFC 7692) and {@code websocket.compression} is on.
 *
 * @param contextTakeover whether a message may refer to earlier ones: compresses better, and keeps about 300 KB outside of the
 *     heap for each connection
 * @param windowBits how far back the service refers, as a power of two, 9 to 15 (RFC 7692 section 7.1.2); less needs less
 *     memory on the client's side
 * @param maxMessageSize a message that inflates to more ends the connection with 1009: a bound for what a small message can
 *     cost
 */
public record DeflateSettings(boolean contextTakeover, int windowBits, ByteSize maxMessageSize) {

    private static final int LEAST_BITS = 9;
    private static final int MOST_BITS = 15;

    public static final DeflateSettings DEFAULT = new DeflateSettings(true, MOST_BITS, ByteSize.ofMiB(16));

    public DeflateSettings {
        new Rules()
                .between("windowBits", windowBits, LEAST_BITS, MOST_BITS)
                .between("maxMessageSize", maxMessageSize, ByteSize.ofKiB(1), ByteSize.ofGiB(1024))
                .check();
    }
}
