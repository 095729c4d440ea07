package dev.resound.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ByteProcessor;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one request at a time, strictly. The bytes behind a request stay undecoded until {@link #next} says that its response is
 * complete, so pipelined requests cost no more than their bytes, and nothing behind a rejected request is ever processed. What breaks
 * RFC 9112 becomes a request whose decoder result is an {@link InvalidRequest}; the connection ends with the response to it.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {

    /** Header fields of one request. Browsers send about 20; each costs memory far beyond its bytes. */
    static final int MAX_HEADERS = 100;

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** Bytes that may wait behind a request before reading pauses. */
    private static final int MAX_WAITING_BYTES = 16 * 1024;

    private static final String TOO_MANY_HEADERS = "a request has at most " + MAX_HEADERS + " header fields here";
    private static final String EMPTY_HEADER_NAME = "a header name must not be empty (RFC 9110 5.1)";
    private static final String SEPARATOR = "the parts of a request line are separated by one space each (RFC 9112 3)";
    private static final String VERSION = "the version must be HTTP/1.1 or HTTP/1.0 (RFC 9112 2.3)";
    private static final String TARGET = "the request target must not contain control characters (RFC 9112 3.2)";

    private static final String START = "a request begins with its method (RFC 9112 2.2)";
    private static final String FOLDED = "a header field must not be folded (RFC 9112 5.2)";

    private int headers;
    /** The head is not complete. */
    private boolean inHead = true;
    /** What Netty repairs, but is an error here. */
    private @Nullable String error;

    private boolean started;
    private boolean complete;
    private boolean discarding;
    private boolean inputEnded;

    RequestDecoder(Http1ServerConfig config) {
        super(config);
    }

    /** Whether bytes of a request have arrived that is not complete. */
    boolean hasStarted() {
        return started;
    }

    /** Whether a request is complete and {@link #next} has not been called. */
    boolean isComplete() {
        return complete;
    }

    /** Whether bytes wait behind the request. */
    boolean hasMore() {
        return actualReadableBytes() > 0;
    }

    /** Goes on with the next request, whose bytes may be here already. */
    void next(ChannelHandlerContext ctx) {
        complete = false;
        if (!inputEnded) { // On epoll, reading on would end the connection.
            ctx.channel().config().setAutoRead(true);
        }
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
        ctx.fireChannelReadComplete();
    }

    /** From now on all bytes are discarded. */
    void discard() {
        discarding = true;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (discarding) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (complete) {
            if (in.readableBytes() > MAX_WAITING_BYTES) {
                ctx.channel().config().setAutoRead(false);
            }
            return;
        }
        if (inHead) {
            inspect(in);
        }
        super.decode(ctx, in, out);
        for (int i = 0; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpRequest request) {
                inHead = false;
                check(request);
            }
            if (message instanceof LastHttpContent) {
                inHead = true;
                started = false;
                complete = true;
                error = null;
            }
        }
    }

    /** Netty skips what is in front of a method, and joins the lines of a folded field: only the bytes show either. */
    private void inspect(ByteBuf in) {
        int first = in.readerIndex();
        if (!started) {
            // Empty lines in front of a request are no request (RFC 9112 2.2).
            first = in.forEachByte(ByteProcessor.FIND_NON_CRLF);
            if (first < 0) {
                return;
            }
            started = true;
            if (in.getByte(first) <= ' ') {
                error = START;
            }
        } else if (isBlank(in.getByte(first))) {
            error = FOLDED; // Complete lines have been taken out.
        }
        for (int lf = in.indexOf(first, in.writerIndex(), LF); lf >= 0 && lf + 1 < in.writerIndex(); ) {
            byte next = in.getByte(lf + 1);
            if (isBlank(next)) {
                error = FOLDED;
            }
            lf = next == CR || next == LF ? -1 : in.indexOf(lf + 1, in.writerIndex(), LF);
        }
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** Half a request at the end of the input is none. */
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        in.skipBytes(in.readableBytes());
    }

    /** What waits behind a request is not decoded at the end of the input, but in its turn. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        inputEnded |= event instanceof ChannelInputShutdownEvent;
        if (complete && event instanceof ChannelInputShutdownEvent) {
            ctx.fireUserEventTriggered(event);
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    /** As the decoder does it, but without reading on where reading is paused. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (complete) {
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        ctx.channel().config().setAutoRead(true);
        super.handlerRemoved0(ctx);
    }

    private void check(HttpRequest request) {
        if (request.decoderResult().isSuccess()) {
            Optional.ofNullable(error)
                    .or(() -> RequestRules.violation(request))
                    .ifPresent(broken ->
                            request.setDecoderResult(DecoderResult.failure(InvalidRequest.badRequest(broken))));
        }
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        headers = 0;
        for (int i = 0; i < initialLine[1].length(); i++) {
            char c = initialLine[1].charAt(i);
            if (c <= ' ' || c == 0x7F) {
                throw InvalidRequest.badRequest(TARGET);
            }
        }
        if (!initialLine[2].equals(HttpVersion.HTTP_1_1.text())
                && !initialLine[2].equals(HttpVersion.HTTP_1_0.text())) {
            throw InvalidRequest.badRequest(VERSION);
        }
        return super.createMessage(initialLine);
    }

    /** Answered in HTTP/1.1, whatever was sent. */
    @Override
    protected HttpMessage createInvalidMessage() {
        var invalid = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        invalid.headers().set(HttpHeaderNames.CONNECTION, "close");
        return invalid;
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        checkSeparator(line, start);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        checkSeparator(line, start);
        return super.splitThirdWordInitialLine(line, start, length);
    }

    /** One space, and in front of it the word before. */
    private static void checkSeparator(byte[] line, int start) {
        if (start < 2 || line[start - 1] != ' ' || line[start - 2] <= ' ') {
            throw InvalidRequest.badRequest(SEPARATOR);
        }
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (++headers > MAX_HEADERS) {
            throw new InvalidRequest(431, TOO_MANY_HEADERS);
        }
        if (length == 0) {
            throw InvalidRequest.badRequest(EMPTY_HEADER_NAME);
        }
        return super.splitHeaderName(line, start, length);
    }
}
