package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelOption;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.function.Function;

/**
 * The handler of a WebSocket on a stream of an HTTP/2 connection (RFC 8441). DATA frames carry the bytes, END_STREAM
 * ends a side of the stream, and RST_STREAM with CANCEL is a reset (section 5).
 *
 * <p>The flow-control window bounds the input: the client gets credit for received bytes only while the connection
 * reads. After the connection has stopped reading, the client can send at most one window. These bytes wait in the
 * connection, not in Netty.
 */
final class Http2FrameHandler extends FrameHandler {

    /** With more pending output than this, a connection is not writable. */
    private static final int HIGH_WATER = 64 * 1024;
    /** With at most this much pending output, a connection becomes writable again. */
    private static final int LOW_WATER = 32 * 1024;

    /** A DATA frame is pending until all of it is sent, so larger buffers are split to show the client's progress. */
    private static final int MAX_FRAME = 16 * 1024;

    /**
     * The heap of a DATA frame that is pending, without its payload: 270 bytes. It counts as pending output, because a
     * client can cause many small frames, such as pongs, and not let any of them out.
     */
    private static final int FRAME_BYTES = 256;

    /** Received bytes for which the client has no credit yet. */
    private int uncredited;

    private boolean takesInput = true;
    /** Bytes that were written, but not sent, including {@link #FRAME_BYTES} for each frame. */
    private long pending;

    private boolean awaitsWritable;
    private Http2Error resetCode = Http2Error.CANCEL;

    Http2FrameHandler(Http2StreamChannel stream, Function<Transport, Connection> connections) {
        super(stream, connections);
    }

    @Override
    void prepare(ChannelHandlerContext ctx) {
        channel.config().setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, false);
    }

    // Input.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2DataFrame data) {
            uncredited += data.initialFlowControlledBytes();
            boolean last = data.isEndStream();
            receive(data.content()); // Releasing the content releases the frame.
            if (last) {
                onEndOfInput();
            }
        } else {
            ReferenceCountUtil.release(message);
            if (message instanceof Http2HeadersFrame) { // A CONNECT has no trailers (RFC 9113 8.5).
                resetCode = Http2Error.PROTOCOL_ERROR;
                connection.onPeerLost();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        credit();
        super.channelReadComplete(ctx);
    }

    @Override
    public void setReading(boolean on) {
        takesInput = on;
        credit();
    }

    /** Lets the client send as many bytes as have arrived since the last credit. */
    private void credit() {
        if (takesInput && uncredited > 0 && channel.isActive()) {
            context().write(new DefaultHttp2WindowUpdateFrame(uncredited));
            uncredited = 0;
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            connection.onPeerLost();
        } else if (event instanceof ShutdownEvent) {
            connection.drain(); // Vert.x closes the server without our drain.
        }
        ctx.fireUserEventTriggered(event);
    }

    /** An error of the client in this stream resets it with the code of the error. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Http2Exception error = Http2CodecUtil.getEmbeddedHttp2Exception(cause);
        if (error == null) {
            super.exceptionCaught(ctx, cause);
        } else {
            resetCode = error.error();
            connection.onPeerLost();
        }
    }

    // Output.

    @Override
    public void write(ByteBuf bytes) {
        while (bytes.readableBytes() > MAX_FRAME) {
            writeFrame(bytes.readRetainedSlice(MAX_FRAME));
        }
        writeFrame(bytes);
    }

    private void writeFrame(ByteBuf bytes) {
        int cost = bytes.readableBytes() + FRAME_BYTES;
        pending += cost;
        context().write(new DefaultHttp2DataFrame(bytes)).addListener(sent -> onSent(cost));
    }

    private void onSent(int cost) {
        pending -= cost;
        if (awaitsWritable && (DirectMemory.isShort() ? pending == 0 : pending <= LOW_WATER)) {
            awaitsWritable = false;
            runLater(connection::writable);
        }
    }

    /** While direct memory is short, all output must be sent before more may be written. */
    @Override
    public boolean isWritable() {
        return DirectMemory.isShort() ? pending == 0 : pending <= HIGH_WATER;
    }

    @Override
    public long pendingBytes() {
        return pending;
    }

    @Override
    public void notifyWhenWritable() {
        awaitsWritable = true;
    }

    // The end.

    @Override
    void endOutput() {
        context().writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
    }

    /** The stream closes when both sides have sent END_STREAM. */
    @Override
    void closeAfterOutput() {
        endOutput();
    }

    /** Ends both sides, as closing a TCP connection does: END_STREAM, then RST_STREAM, which discards pending output. */
    @Override
    public void close() {
        if (resetCode == Http2Error.CANCEL) {
            shutdownOutput();
        }
        reset();
    }

    @Override
    public void reset() {
        if (channel.isActive()) {
            context().writeAndFlush(new DefaultHttp2ResetFrame(resetCode));
        }
        context().close();
    }
}
