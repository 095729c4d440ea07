package dev.resound.websocket.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.ConnectionListener;
import dev.resound.websocket.protocol.MessageType;
import dev.resound.websocket.protocol.ProtocolSettings;
import dev.resound.websocket.protocol.SubprotocolHandler;
import dev.resound.websocket.protocol.TrafficObserver;
import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FrameHandlerTest {

    private final List<Throwable> faults = new ArrayList<>();

    /** Netty refuses buffers with an error when memory is short. */
    private static final class FailingObserver implements TrafficObserver {
        @Override
        public void received(MessageType type, int payloadBytes, boolean endOfMessage) {}

        @Override
        public void sent(MessageType type, int payloadBytes, boolean endOfMessage) {}

        @Override
        public void pingSent() {
            throw new AssertionError("as an OutOfDirectMemoryError");
        }

        @Override
        public void pongReceived() {}

        @Override
        public void roundTrip(long nanos) {}

        @Override
        public void backpressurePause() {}
    }

    private final class Listener implements ConnectionListener {
        @Override
        public void opened(Connection connection) {}

        @Override
        public void failed(Throwable fault) {
            faults.add(fault);
        }

        @Override
        public void closed(Connection connection, ConnectionEnd end) {}
    }

    private Connection connect(Transport transport) {
        var settings =
                new ProtocolSettings(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(5), 4096, 0);
        return new Connection(
                transport, settings, Optional.empty(), SubprotocolHandler.ECHO, new FailingObserver(), new Listener());
    }

    /** Holds back the output until {@link #open} is true. */
    private static final class Sluice extends ChannelDuplexHandler {
        private final List<Connection> connections = new ArrayList<>();
        private boolean open;
        private boolean pausedDuringEvent;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (open) {
                ctx.flush();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.fireChannelWritabilityChanged();
            pausedDuringEvent = connections.getFirst().isPaused();
        }
    }

    @Test
    void a_connection_continues_only_after_the_flush_that_makes_it_writable() {
        var sluice = new Sluice();
        var channel = new EmbeddedChannel(sluice);
        channel.pipeline().addLast(new TcpFrameHandler(channel, transport -> {
            sluice.connections.add(connect(transport));
            return sluice.connections.getFirst();
        }));
        Connection connection = sluice.connections.getFirst();
        byte[] frame = WireFrame.binary(new byte[100_000]).bytes();
        channel.writeInbound(Unpooled.wrappedBuffer(frame), Unpooled.wrappedBuffer(frame));
        assertThat(connection.isPaused()).isTrue();
        sluice.open = true;
        channel.flush();
        assertThat(sluice.pausedDuringEvent).isTrue();
        assertThat(connection.isPaused()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void an_error_in_a_timer_is_reported_and_ends_the_connection() {
        var channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new TcpFrameHandler(channel, this::connect));
        channel.advanceTimeBy(10_100, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(faults).hasSize(1);
        channel.advanceTimeBy(6, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }
}
