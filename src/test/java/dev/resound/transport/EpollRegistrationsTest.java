package dev.resound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.TestTransport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class EpollRegistrationsTest {

    /** More than the kernel buffers for a client that does not read. */
    private static final int OUTPUT = 16 << 20;

    /** Writes once the client has ended its side and Netty has nothing to wait for. */
    private static final class LateAnswer extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                ctx.channel().config().setAutoRead(false);
                ctx.executor().schedule(() -> answer(ctx), 100, TimeUnit.MILLISECONDS);
            }
        }

        private static void answer(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[OUTPUT])).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Fails on epoll without {@link EpollRegistrations}: Netty closes the connection, and most of the output is lost. */
    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL", "NIO"})
    void a_client_that_has_ended_its_side_receives_output_that_had_to_wait_for_it(TestTransport transport)
            throws IOException {
        var implementation = transport.vertxTransport().implementation();
        var loops = new MultiThreadIoEventLoopGroup(1, implementation.ioHandlerFactory());
        try (var client = new Socket()) {
            var listener = new ServerBootstrap()
                    .group(loops)
                    .channelFactory(implementation.serverChannelFactory(false))
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childHandler(new LateAnswer())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
            client.setReceiveBufferSize(4096);
            client.connect(listener.localAddress());
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).hasSize(OUTPUT);
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }
}
