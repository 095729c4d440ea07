package dev.resound.transport;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import java.lang.reflect.Field;
import java.nio.channels.spi.SelectorProvider;

/** Listening sockets of IPv4. */
final class Ipv4 {

    /** Which family the native transports make sockets of. There is no other way to choose it for io_uring in Netty 4.2.18. */
    private static final String PREFERENCE = "isIpv6Preferred";

    private Ipv4() {}

    /** Whether a host is an address of IPv4, such as {@code 0.0.0.0}. */
    static boolean isAddress(String host) {
        return NetUtil.isValidIpV4Address(host);
    }

    /** A channel as the factory makes it, but of IPv4. */
    static synchronized ServerChannel listeningChannel(ChannelFactory<? extends ServerChannel> factory) {
        ServerChannel channel = preferringIpv4(factory);
        if (channel instanceof NioServerSocketChannel) {
            channel.unsafe().closeForcibly();
            return new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET);
        }
        return channel;
    }

    private static ServerChannel preferringIpv4(ChannelFactory<? extends ServerChannel> factory) {
        try {
            Field preference = Socket.class.getDeclaredField(PREFERENCE);
            preference.setAccessible(true);
            boolean before = preference.getBoolean(null);
            preference.setBoolean(null, false);
            try {
                return factory.newChannel();
            } finally {
                preference.setBoolean(null, before);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Netty chooses the family of a socket in another way", e);
        }
    }
}
