package dev.resound.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.lang.reflect.Field;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ThreadFactory;

/**
 * A Vert.x transport that adds an {@link AcceptGuard} to listening sockets, accepts on one of the event loops, works
 * around bugs in Netty's native transports, and listens on IPv4 only if the address to bind is an IPv4 address.
 * Otherwise Netty's sockets listen on both families, at {@code 0.0.0.0} too.
 */
final class GuardedTransport implements Transport {

    /** The event loops of the Vert.x instance that this thread is creating; it creates them before its acceptor. */
    private static final ThreadLocal<EventLoopGroup> LOOPS = new ThreadLocal<>();

    private final Transport transport;
    private final Kind kind;
    private volatile boolean ipv4;

    /** The transports whose bugs in Netty 4.2.18 are worked around here, and all others. */
    enum Kind {
        /** Its connections need a {@link ResetProbe}. */
        IO_URING,
        /** Its event loops need {@link EpollRegistrations}. */
        EPOLL,
        OTHER
    }

    GuardedTransport(Transport transport, Kind kind) {
        this.transport = transport;
        this.kind = kind;
    }

    /**
     * Sets the address that the next listening socket binds to. An IPv4 address, {@code 0.0.0.0} included, gets an IPv4
     * socket.
     */
    void listenOn(String host) {
        ipv4 = NetUtil.isValidIpV4Address(host);
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
        transport.configure(config, domainSocket, bootstrap);
        if (!config.isSoKeepAlive()) {
            bootstrap.childOption(ChannelOption.SO_KEEPALIVE, null); // It is off by default.
        }
        bootstrap.handler(new AcceptGuard(kind == Kind.IO_URING ? ResetProbe::install : accepted -> {}));
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        ChannelFactory<? extends ServerChannel> factory = transport.serverChannelFactory(domainSocket);
        return ipv4 && !domainSocket ? () -> Ipv4.listeningChannel(factory) : factory;
    }

    @Override
    public boolean supportsDomainSockets() {
        return transport.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return transport.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return transport.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return transport.unavailabilityCause();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        EventLoopGroup serving = LOOPS.get();
        if (type == ACCEPTOR_EVENT_LOOP_GROUP && serving != null) {
            LOOPS.remove();
            return new AcceptingLoop(serving.next());
        }
        EventLoopGroup created = Transport.super.eventLoopGroup(type, threads, factory, ioRatio);
        LOOPS.set(created);
        return created;
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        IoHandlerFactory factory = transport.ioHandlerFactory();
        return kind == Kind.EPOLL ? EpollRegistrations.wrap(factory) : factory;
    }

    @Override
    @SuppressWarnings("deprecation") // The interface of Vert.x.
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return transport.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return transport.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return transport.channelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        transport.configure(channel, options);
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
        transport.configure(config, domainSocket, bootstrap);
    }

    /** Creates listening sockets for IPv4. */
    private static final class Ipv4 {

        /**
         * The field that selects the family of native sockets. Netty 4.2.18 has no other way to choose it for io_uring.
         */
        private static final String PREFERENCE = "isIpv6Preferred";

        private Ipv4() {}

        /** Creates an IPv4 channel with the factory. */
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
                throw new IllegalStateException(
                        "this version of Netty selects the family of a socket in another way", e);
            }
        }
    }
}
