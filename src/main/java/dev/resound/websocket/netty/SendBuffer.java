package dev.resound.websocket.netty;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bounds what the kernel holds for a peer that does not read: megabytes by default. Besides their cost, they hide that a slow
 * reader makes progress: Linux tells that there is room only when a third of them is gone, so a peer that reads 50 KB a second
 * would look stalled for half a minute.
 */
final class SendBuffer {

    private static final int BYTES = 64 * 1024;

    /**
     * Limits what was not sent yet and leaves what is on its way, and so the speed of long lines, alone. Each native transport
     * has an option of its own; they are named here, as their classes are not needed to compile.
     */
    private static final List<ChannelOption<Long>> NOT_SENT = Stream.of(
                    "io.netty.channel.epoll.EpollChannelOption", "io.netty.channel.uring.IoUringChannelOption")
            .map(options -> ChannelOption.<Long>valueOf(options + "#TCP_NOTSENT_LOWAT"))
            .toList();

    private SendBuffer() {}

    static void bound(ChannelConfig config) {
        try {
            if (NOT_SENT.stream().noneMatch(option -> config.setOption(option, (long) BYTES))) {
                config.setOption(ChannelOption.SO_SNDBUF, BYTES);
            }
        } catch (ChannelException closed) {
            // The peer is gone already, and the channel is about to tell.
        }
    }
}
