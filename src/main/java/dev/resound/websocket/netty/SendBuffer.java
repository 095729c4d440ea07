package dev.resound.websocket.netty;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bounds the output that the kernel buffers for a slow reader; the default is megabytes. A large buffer not only costs
 * memory but also hides progress: Linux reports space only once a third of the buffer is free, so a peer that reads 50
 * KB a second would seem stalled for half a minute.
 */
final class SendBuffer {

    private static final int BYTES = 64 * 1024;

    /**
     * Limits the bytes that were not sent yet. The bytes in flight, and so the throughput of connections with a high
     * latency, are not limited. Each native transport has its own option, given here by name because its class is not
     * needed to compile.
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
            // The peer has disconnected, and the channel is about to report it.
        }
    }
}
