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
 * Decodes one request at a time, strictly. Bytes after a request stay undecoded until {@link #next} reports that its
 * response is complete, so pipelined requests cost no more than their bytes, and nothing after a rejected request is
 * processed. A request that breaks RFC 9112 gets an {@link InvalidRequest} as its decoder result, and the connection
 * closes after the response.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {

    /** The limit of header fields per request. Browsers send about 20; each takes much more memory than its bytes. */
    static final int MAX_HEADERS = 100;

    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** The number of undecoded bytes after a request above which reading pauses. */
    private static final int MAX_WAITING_BYTES = 16 * 1024;

    private static final String TOO_MANY_HEADERS = "a request may have at most " + MAX_HEADERS + " header fields";
    private static final String EMPTY_HEADER_NAME = "a header name must not be empty (RFC 9110 5.1)";
    private static final String SEPARATOR = "the parts of a request line are separated by one space each (RFC 9112 3)";
    private static final String VERSION = "the version must be HTTP/1.1 or HTTP/1.0 (RFC 9112 2.3)";
    private static final String TARGET = "the request target must not contain control characters (RFC 9112 3.2)";

    private static final String START = "a request begins with its method (RFC 9112 2.2)";
    private static final String FOLDED = "a header field must not be folded (RFC 9112 5.2)";

    private int headers;
    /** The head of the request is not complete. */
    private boolean inHead = true;
    /** An error that Netty would silently repair. */
    private @Nullable String error;

    private boolean started;
    private boolean complete;
    private boolean discarding;
    private boolean inputEnded;

    RequestDecoder(Http1ServerConfig config) {
        super(config);
    }

    /** Whether a request has started and is not complete. */
    boolean hasStarted() {
        return started;
    }

    /** Whether a request is complete and {@link #next} has not been called. */
    boolean isComplete() {
        return complete;
    }

    /** Whether undecoded bytes follow the request. */
    boolean hasMore() {
        return actualReadableBytes() > 0;
    }

    /** Continues with the next request, whose bytes may have arrived already. */
    void next(ChannelHandlerContext ctx) {
        complete = false;
        if (!inputEnded) { // On epoll, reading after the end of input would close the connection.
            ctx.channel().config().setAutoRead(true);
        }
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
        ctx.fireChannelReadComplete();
    }

    /** Discards all further bytes. */
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

    /**
     * Finds errors that are visible only in the bytes: Netty skips everything in front of a method, and joins the lines
     * of a folded field.
     */
    private void inspect(ByteBuf in) {
        int first = in.readerIndex();
        if (!started) {
            // Empty lines before a request are ignored (RFC 9112 2.2).
            first = in.forEachByte(ByteProcessor.FIND_NON_CRLF);
            if (first < 0) {
                return;
            }
            started = true;
            if (in.getByte(first) <= ' ') {
                error = START;
            }
        } else if (isBlank(in.getByte(first))) {
            error = FOLDED; // Complete lines have already been consumed.
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

    /** Discards an incomplete request at the end of input. */
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        in.skipBytes(in.readableBytes());
    }

    /** At the end of input, keeps the bytes after the current request until {@link #next}. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        inputEnded |= event instanceof ChannelInputShutdownEvent;
        if (complete && event instanceof ChannelInputShutdownEvent) {
            ctx.fireUserEventTriggered(event);
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    /** Like the decoder, but does not read while reading is paused. */
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

    /** Makes the response use HTTP/1.1, whatever version the client sent. */
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

    /** Requires one space, preceded by a word. */
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

    /** Rules for an HTTP/1.x request beyond the checks of Netty's decoder. */
    private static final class RequestRules {

        private static final String HOST = "a request needs exactly one Host header (RFC 9112 3.2)";
        private static final String HOST_VALUE = "the Host header must be a host and an optional port (RFC 9110 7.2)";
        private static final String TRANSFER_CODING = "chunked is the only supported transfer coding (RFC 9112 6.1)";

        private RequestRules() {}

        /** The first rule that a request breaks; empty if none. */
        static Optional<String> violation(HttpRequest request) {
            List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
            boolean needed = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
            if (hosts.size() > 1 || (hosts.isEmpty() && needed)) {
                return Optional.of(HOST);
            }
            if (!hosts.isEmpty() && !isHost(hosts.getFirst())) {
                return Optional.of(HOST_VALUE);
            }
            return isFramed(request) ? Optional.empty() : Optional.of(TRANSFER_CODING);
        }

        /**
         * Accepts only {@code chunked}: with any other coding, implementations disagree about where the message ends
         * and the next request begins. Empty list elements are ignored (RFC 9110 5.6.1.2), but a list of only empty
         * elements is invalid.
         */
        private static boolean isFramed(HttpRequest request) {
            List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
            if (codings.isEmpty()) {
                return true;
            }
            int chunked = 0;
            for (String element : String.join(",", codings).split(",", -1)) {
                String coding = element.strip();
                if (coding.equalsIgnoreCase("chunked")) {
                    chunked++;
                } else if (!coding.isEmpty()) {
                    return false;
                }
            }
            return chunked == 1;
        }

        /**
         * Rejects characters that no host can contain. With a user, a path or a list, two recipients could read
         * different hosts.
         */
        private static boolean isHost(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c <= ' ' || c >= 0x7F || "/?#@,\\\"<>^`{|}".indexOf(c) >= 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
