package dev.resound.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles failures of {@code accept}; most occur because the process has no file descriptors left. First it pauses
 * accepting for a moment, because other connections may be about to close. If that does not help, it refuses new
 * connections: it closes a spare file, which frees a descriptor to accept and close them. Otherwise they would wait in
 * the backlog until they time out, and Netty's io_uring transport would retry without a pause and log each failure.
 */
final class AcceptGuard extends ChannelDuplexHandler {

    private static final long PAUSE_MILLIS = 10;
    private static final long REFUSAL_MILLIS = 200;

    /** After this many failures in a row, each followed by a pause, new connections are refused. */
    static final int PATIENCE = 30;

    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger log = LoggerFactory.getLogger(AcceptGuard.class);

    /** The last time that a failure was logged, for all listening sockets together. */
    private static final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - LOG_INTERVAL_NANOS);

    private final Consumer<Channel> accepting;
    private @Nullable Closeable spare = openSpare();
    private int failures;
    private boolean paused;
    private boolean refusing;
    private long refused;

    /** @param accepting called with each accepted connection before it is registered with an event loop */
    AcceptGuard(Consumer<Channel> accepting) {
        this.accepting = accepting;
    }

    private static @Nullable Closeable openSpare() {
        try {
            return new FileInputStream("/dev/null");
        } catch (IOException noFileLeft) {
            return null;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        Listeners.opened(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refusing && message instanceof Channel accepted) {
            refused++;
            accepted.unsafe().closeForcibly();
        } else {
            failures = 0;
            if (message instanceof Channel accepted) {
                accepting.accept(accepted);
            }
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (!paused) {
            ctx.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log(cause);
        if (paused) {
            return;
        }
        failures++;
        if (failures > PATIENCE && !refusing) {
            refuse(ctx);
        }
        paused = true;
        ctx.executor().schedule(() -> resume(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void resume(ChannelHandlerContext ctx) {
        paused = false;
        if (ctx.channel().isOpen()) {
            // Off first, because a transport may still consider the socket readable.
            ctx.channel().config().setAutoRead(false);
            ctx.channel().config().setAutoRead(true);
        }
    }

    private void refuse(ChannelHandlerContext ctx) {
        refusing = true;
        closeSpare();
        ctx.executor().schedule(() -> acceptAgain(ctx), REFUSAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void acceptAgain(ChannelHandlerContext ctx) {
        spare = openSpare();
        refusing = false;
        failures = PATIENCE; // Until now, there were no free descriptors.
        if (spare == null && ctx.channel().isOpen()) {
            refuse(ctx);
        }
    }

    private void closeSpare() {
        if (spare != null) {
            try {
                spare.close();
            } catch (IOException e) {
                log.debug("cannot close the spare file", e);
            }
            spare = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        closeSpare();
    }

    private void log(Throwable cause) {
        long now = System.nanoTime();
        long before = loggedAt.get();
        if (now - before >= LOG_INTERVAL_NANOS && loggedAt.compareAndSet(before, now)) {
            log.atWarn()
                    .addKeyValue("reason", cause.getMessage())
                    .addKeyValue("refused", refused)
                    .log("cannot accept connections");
        }
    }
}
