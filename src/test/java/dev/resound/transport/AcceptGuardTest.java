package dev.resound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcceptGuardTest {

    private final IOException tooManyFiles = new IOException("Too many open files");

    private final CapturedLog log = new CapturedLog(AcceptGuard.class);
    private int reads;
    private int passedOn;

    private final EmbeddedChannel listener = new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
                @Override
                public void read(ChannelHandlerContext ctx) {
                    reads++;
                    ctx.read();
                }
            },
            new AcceptGuard(accepted -> {}),
            new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    passedOn++;
                }
            });

    AcceptGuardTest() {
        listener.freezeTime();
    }

    @AfterEach
    void close() {
        listener.close();
        log.close();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            listener.pipeline().fireExceptionCaught(tooManyFiles);
            pass(10);
        }
    }

    private void pass(long millis) {
        listener.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();
    }

    private EmbeddedChannel accept() {
        var accepted = new EmbeddedChannel();
        listener.writeInbound(accepted);
        return accepted;
    }

    @Test
    void a_failure_pauses_accepting_and_does_not_end_it() {
        listener.pipeline().fireExceptionCaught(tooManyFiles);
        int before = reads;
        listener.read();
        assertThat(reads).isEqualTo(before);
        pass(10);
        assertThat(reads).isGreaterThan(before);
        assertThat(accept().isOpen()).isTrue();
        assertThat(passedOn).isEqualTo(1);
    }

    @Test
    void failures_in_a_row_have_new_connections_refused_for_a_moment() {
        fail(AcceptGuard.PATIENCE + 1);
        assertThat(accept().isOpen()).isFalse();
        assertThat(passedOn).isZero();
        pass(200);
        assertThat(accept().isOpen()).isTrue();
        assertThat(passedOn).isEqualTo(1);
    }

    @Test
    void a_lack_of_files_that_lasts_has_them_refused_again_at_once() {
        fail(AcceptGuard.PATIENCE + 1);
        pass(200);
        fail(1);
        assertThat(accept().isOpen()).isFalse();
    }

    @Test
    void a_connection_that_was_accepted_in_between_is_a_sign_of_hope() {
        fail(AcceptGuard.PATIENCE);
        accept();
        fail(AcceptGuard.PATIENCE);
        assertThat(accept().isOpen()).isTrue();
    }

    @Test
    void any_number_of_failures_is_one_line_a_second() {
        fail(50);
        assertThat(log.lines()).hasSizeLessThanOrEqualTo(1);
    }
}
