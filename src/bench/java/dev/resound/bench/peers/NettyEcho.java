package dev.resound.bench.peers;

import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.Locale;

/** Netty with its own WebSocket codec. */
public final class NettyEcho {

    private NettyEcho() {}

    public static void main(String[] arguments) throws InterruptedException {
        var choice = TransportChoice.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        var bootstrap = new ServerBootstrap();
        switch (Transports.select(choice).name()) {
            case "io_uring" ->
                bootstrap
                        .group(new MultiThreadIoEventLoopGroup(Peer.loops(), IoUringIoHandler.newFactory()))
                        .channel(IoUringServerSocketChannel.class);
            case "epoll" ->
                bootstrap
                        .group(new MultiThreadIoEventLoopGroup(Peer.loops(), EpollIoHandler.newFactory()))
                        .channel(EpollServerSocketChannel.class);
            default ->
                bootstrap
                        .group(new MultiThreadIoEventLoopGroup(Peer.loops(), NioIoHandler.newFactory()))
                        .channel(NioServerSocketChannel.class);
        }
        bootstrap.childHandler(new Pipeline()).bind(Peer.port(arguments)).sync();
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {

        @Override
        protected void initChannel(SocketChannel channel) {
            var config = WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath(Peer.PATH)
                    .maxFramePayloadLength(Peer.LARGEST)
                    .build();
            channel.pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(65_536))
                    .addLast(new WebSocketServerProtocolHandler(config))
                    .addLast(new Echo());
        }
    }

    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            context.write(frame.retain());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
