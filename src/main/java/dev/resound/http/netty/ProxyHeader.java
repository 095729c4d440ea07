package dev.resound.http.netty;

import dev.resound.ip.IpAddress;
import dev.resound.websocket.netty.VertxConnections;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.AttributeKey;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;

/**
 * Reads the client's address from the PROXY protocol header, version 1 or 2, at the start of a connection. If a header
 * has no IP address ({@code UNKNOWN}, {@code LOCAL}, {@code AF_UNIX}), the address of the TCP peer stays. A connection
 * without a header is closed. The handler of Vert.x is not used: it does not announce a connection before its header
 * has arrived, and fails on addresses other than IP.
 *
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The specification</a>
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

    /**
     * The limit for the type-length-values of version 2. Clouds send less than 100 bytes; the TLS details of a client
     * take several hundred.
     */
    private static final int MAX_TLV_BYTES = 2048;

    /** The client's address, if a header contained one. */
    static final AttributeKey<IpAddress> CLIENT = AttributeKey.valueOf(ProxyHeader.class, "client");

    /** Events for other handlers of the connection. */
    enum Event {
        /** The client's address is now known. */
        CLIENT_CHANGED
    }

    /** Netty 4.2.18 finds the end of a version 2 header only if the buffer starts at index 0. */
    private static final class Decoder extends HAProxyMessageDecoder {

        Decoder() {
            super(MAX_TLV_BYTES);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
            super.channelRead(ctx, message instanceof ByteBuf bytes ? bytes.slice() : message);
        }
    }

    private ProxyHeader() {}

    /** Expects the header at the start of a connection, and reads it in front of the handler with this name. */
    static void expect(ChannelPipeline pipeline, String before) {
        pipeline.addBefore(before, "resound-proxy-decoder", new Decoder());
        pipeline.addBefore(before, "resound-proxy-header", new ProxyHeader());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HAProxyMessage header) {
            try {
                take(ctx, header);
            } finally {
                header.release();
            }
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void take(ChannelHandlerContext ctx, HAProxyMessage header) {
        String source = header.sourceAddress();
        Optional<IpAddress> client =
                source == null || !isIp(header.proxiedProtocol()) ? Optional.empty() : IpAddress.parse(source);
        client.ifPresent(address -> {
            ctx.channel().attr(CLIENT).set(address);
            VertxConnections.overrideRemoteAddress(
                    ctx.channel(), SocketAddress.inetSocketAddress(header.sourcePort(), address.toString()));
            ctx.fireUserEventTriggered(Event.CLIENT_CHANGED);
        });
        ctx.pipeline().remove(this);
    }

    /** The name of a Unix domain socket may look like an IP address. */
    private static boolean isIp(HAProxyProxiedProtocol protocol) {
        return switch (protocol.addressFamily()) {
            case AF_IPv4, AF_IPv6 -> true;
            case AF_UNIX, AF_UNSPEC -> false;
        };
    }

    /** Closes a connection without a valid header. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
