package dev.resound.websocket;

import dev.resound.websocket.protocol.CoalescingWriter;
import dev.resound.websocket.protocol.DataFrame;
import dev.resound.websocket.protocol.DeflateParameters;
import dev.resound.websocket.protocol.FrameDecoder;
import dev.resound.websocket.protocol.FrameEncoder;
import dev.resound.websocket.protocol.FrameSink;
import dev.resound.websocket.protocol.PerMessageDeflate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The I/O of one WebSocket: the handler that stands in the socket's pipeline from the upgrade on, between the bytes and the
 * {@link ConnectionWorker}. What one read brings is written back in one flush.
 */
final class FrameChannel extends ChannelInboundHandlerAdapter {

    /**
     * Where direct memory is short, a connection that is not read from may hold no more. On io_uring, Netty reads to the end of the stream when the
     * client has ended its side, although reading is paused.
     */
    private static final int MOST_HELD_WHEN_SHORT = 8 * 1024;

    private final ConnectionWorker worker;
    private final Intake intake;
    /** Where it was negotiated. */
    private final @Nullable PerMessageDeflate deflate;

    private final CoalescingWriter run = new CoalescingWriter(this::send);
    private @Nullable ChannelHandlerContext context;
    private boolean reading;
    /** TLS writes by itself: each KeyUpdate of a client may demand another one (RFC 8446 4.6.3). */
    private boolean tls;

    FrameChannel(
            Function<FrameChannel, ConnectionWorker> workers,
            WebSocketSettings settings,
            Optional<DeflateParameters> compression,
            ByteBufAllocator allocator) {
        worker = workers.apply(this);
        int pieceSize = (int) settings.receiveBufferSize().bytes();
        deflate = compression
                .map(terms -> new PerMessageDeflate(terms, worker, pieceSize, this::pauseForOthers, allocator))
                .orElse(null);
        FrameSink sink = deflate == null ? worker : deflate.inflating();
        var decoder = new FrameDecoder(sink, pieceSize, settings.maxFrameSize().bytes(), allocator);
        if (deflate != null) {
            decoder.allowCompression();
        }
        intake = new Intake(decoder, run, worker::onViolation);
    }

    // What comes from the socket.

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        tls = added.pipeline().get(SslHandler.class) != null;
        try {
            SendBuffer.bound(added.channel().config());
            added.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            worker.start();
        } catch (RuntimeException fault) {
            // Netty would take this handler out of the pipeline and leave the socket open.
            worker.onException(fault);
        }
        if (!added.channel().isActive()) {
            worker.onDisconnected(); // Gone while it was upgraded: nothing else will tell.
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            reading = true;
            worker.onBytes();
            intake.add(bytes);
            if (intake.isSuspended() && DirectMemory.isShort() && intake.heldBytes() > MOST_HELD_WHEN_SHORT) {
                worker.onOverrun();
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (isWritable()) {
            worker.onWritable();
        } else if (tls) {
            // Not from here: this may be the middle of a write.
            ctx.executor().execute(worker::onUnwritable);
        }
    }

    /**
     * The client has ended its side. Left to Netty, that would close ours too, and on io_uring take away the answers that are
     * on their way.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || isCloseNotify(event)) {
            worker.onEndOfInput();
        } else if (event instanceof ShutdownEvent) {
            worker.drain(); // The server is closed by itself, without our drain.
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The end of the client's side as TLS has it; whoever cuts the connection sends none. */
    private static boolean isCloseNotify(Object event) {
        return event instanceof SslCloseCompletionEvent closed && closed.isSuccess();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handlerRemoved(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        try {
            intake.release();
            run.release();
            if (deflate != null) {
                deflate.release();
            }
        } finally {
            worker.onDisconnected();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        worker.onException(cause);
    }

    // What the worker asks for.

    void write(DataFrame frame) {
        if (deflate != null && frame.isCompressed()) {
            deflate.write(frame, run);
        } else {
            run.append(frame);
        }
    }

    void write(ByteBuf frame) {
        run.flushSlice();
        send(frame);
    }

    private void send(ByteBuf frame) {
        ChannelHandlerContext ctx = context();
        ctx.write(frame, ctx.voidPromise());
    }

    ByteBufAllocator allocator() {
        return context().alloc();
    }

    /** Sends what was written; while a read goes on, its end does that for all of it. */
    void flush() {
        if (!reading) {
            context().flush();
        }
    }

    /** Sends what was written without waiting for the end of the read. */
    void flushNow() {
        run.flushSlice();
        context().flush();
    }

    /** Has something done once all that was written has been taken by the kernel, if it ever is. */
    void whenFlushed(Runnable action) {
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess()) {
                action.run();
            }
        });
    }

    boolean isWritable() {
        return context().channel().isWritable();
    }

    /** Whether anything that was written waits for the kernel to take it. */
    boolean hasPending() {
        ChannelOutboundBuffer buffer = context().channel().unsafe().outboundBuffer();
        return buffer == null || buffer.totalPendingWriteBytes() > 0;
    }

    /**
     * Bytes that the peer has to take before more can be written; shrinks while it reads. Netty counts a buffer until all of it has
     * gone, and one may hold a whole read.
     */
    long pendingBytes() {
        Channel channel = context().channel();
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return channel.bytesBeforeWritable() - (buffer == null ? 0 : buffer.currentProgress());
    }

    /** Reads no more, and holds what one read has brought. */
    void pauseReading() {
        intake.suspend();
        context().channel().config().setAutoRead(false);
    }

    void resumeReading() {
        reading = true;
        intake.resume();
        reading = false;
        context().flush();
        if (!intake.isSuspended()) {
            context().channel().config().setAutoRead(true);
        }
    }

    /** Lets the other connections of the event loop have their turn. */
    private void pauseForOthers() {
        pauseReading();
        context().executor().execute(() -> {
            if (!worker.isPaused()) {
                resumeReading();
            }
        });
    }

    /** Sends a ping at once. */
    void ping(byte[] payload) {
        write(FrameEncoder.ping(allocator(), payload));
        flush();
    }

    /** The event loop's time in nanoseconds from an arbitrary origin, as {@link System#nanoTime}. */
    long nanoTime() {
        return context().executor().ticker().nanoTime();
    }

    ScheduledFuture<?> schedule(Runnable task, long nanos) {
        return context().executor().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** As {@link SocketEnd#shutdownAfterFlush}. */
    void shutdownAfterFlush() {
        intake.stop();
        SocketEnd.shutdownAfterFlush(context());
    }

    /** As {@link SocketEnd#closeAfterFlush}. */
    void closeAfterFlush() {
        SocketEnd.closeAfterFlush(context());
    }

    /** As {@link SocketEnd#close}. */
    void close() {
        SocketEnd.close(context());
    }

    /** As {@link SocketEnd#reset}. */
    void reset() {
        SocketEnd.reset(context());
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }
}
