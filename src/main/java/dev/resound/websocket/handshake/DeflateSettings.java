package dev.resound.websocket.handshake;

import dev.resound.setting.ByteSize;
import dev.resound.setting.Rules;

/**
 * How messages are compressed if {@code websocket.compression} is on and the client offers permessage-deflate (RFC
 * 7692).
 *
 * @param contextTakeover whether a message may refer to earlier ones; this compresses better, but holds about 300 KB of
 *     native memory per connection
 * @param windowBits how far back the service refers, as a power of two, 9 to 15 (RFC 7692 section 7.1.2); fewer bits
 *     save memory on the client
 * @param maxMessageSize a message that inflates to more ends the connection with 1009; bounds what a small message can
 *     cost
 */
public record DeflateSettings(boolean contextTakeover, int windowBits, ByteSize maxMessageSize) {

    private static final int MIN_BITS = 9;
    private static final int MAX_BITS = 15;

    public static final DeflateSettings DEFAULT = new DeflateSettings(true, MAX_BITS, ByteSize.ofMiB(16));

    public DeflateSettings {
        new Rules()
                .between("windowBits", windowBits, MIN_BITS, MAX_BITS)
                .between("maxMessageSize", maxMessageSize, ByteSize.ofKiB(1), ByteSize.ofGiB(1024))
                .check();
    }
}
