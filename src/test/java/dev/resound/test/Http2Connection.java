package dev.resound.test;

import static dev.resound.test.RawHttp2.ACK;
import static dev.resound.test.RawHttp2.CONTINUATION;
import static dev.resound.test.RawHttp2.DATA;
import static dev.resound.test.RawHttp2.ENABLE_CONNECT_PROTOCOL;
import static dev.resound.test.RawHttp2.END_HEADERS;
import static dev.resound.test.RawHttp2.END_STREAM;
import static dev.resound.test.RawHttp2.GOAWAY;
import static dev.resound.test.RawHttp2.HEADERS;
import static dev.resound.test.RawHttp2.INITIAL_WINDOW_SIZE;
import static dev.resound.test.RawHttp2.MAX_FRAME_SIZE;
import static dev.resound.test.RawHttp2.PADDED;
import static dev.resound.test.RawHttp2.PING;
import static dev.resound.test.RawHttp2.RST_STREAM;
import static dev.resound.test.RawHttp2.SETTINGS;
import static dev.resound.test.RawHttp2.WINDOW_UPDATE;

import dev.resound.test.RawHttp2.Frame;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of an HTTP/2 connection (RFC 9113). It keeps the rules by itself, and fails where the server breaks one. Its streams
 * are WebSockets (RFC 8441), each of which a {@link WireClient} uses. {@link #raw()} sends any frames beside them, allowed or not.
 *
 * <p>The server gets credit for a stream only as the test reads from it. A client that does not read makes the server wait, as with a
 * small receive buffer of a TCP connection. The connection's window never makes it wait.
 */
public final class Http2Connection implements AutoCloseable {

    /** The initial window of streams and of the connection (RFC 9113 6.9.2). */
    private static final int DEFAULT_WINDOW = 65_535;

    /** What the connection's window is kept at. */
    private static final int CONNECTION_WINDOW = 1 << 30;

    private static final int DEFAULT_MAX_FRAME_SIZE = 16_384;
    private static final int NO_ERROR = 0;
    private static final int CANCEL = 8;
    static final int PATIENCE_MILLIS = 20_000;

    private final SocketWire wire;
    private final RawHttp2 http;

    /** Answers to what the server sends. The thread that reads does not write, so it never waits for a server that does not read. */
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    // Used only by the thread that reads.
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder();
    private int credit = CONNECTION_WINDOW;

    /** Guards everything below, including the streams. */
    private final Object lock = new Object();

    private final Map<Integer, Stream> streams = new HashMap<>();
    private final Map<Integer, Integer> settings = new TreeMap<>(Map.of(MAX_FRAME_SIZE, DEFAULT_MAX_FRAME_SIZE));
    /** The window of each stream, and the one that the server has not acknowledged yet. */
    private int window;

    private int requestedWindow;
    /** By how much each SETTINGS that is not acknowledged yet makes the window smaller. */
    private final Queue<Integer> changes = new ArrayDeque<>(List.of(0));

    private boolean settled;
    private long sendWindow = DEFAULT_WINDOW;
    private int lastStream = -1;
    private boolean closed;
    private @Nullable Frame goAway;
    private @Nullable IOException lost;
    private @Nullable Throwable broken;

    @SuppressWarnings("ArrayRecordComponent") // Nothing compares answers.
    private record Answer(int type, int flags, int stream, byte[] payload) {}

    private Http2Connection(SocketWire wire, int window) throws IOException {
        this.wire = wire;
        this.window = window;
        requestedWindow = window;
        http = new RawHttp2(wire);
        wire.setPatience(0);
        http.begin(INITIAL_WINDOW_SIZE, window).send(WINDOW_UPDATE, 0, 0, number(CONNECTION_WINDOW - DEFAULT_WINDOW));
        Thread.ofPlatform().daemon().name("HTTP/2 reader").start(this::read);
        Thread.ofVirtual().name("HTTP/2 answers").start(this::answer);
    }

    /** Begins HTTP/2 on a connection on which nothing was sent yet, except for a TLS handshake. */
    static Http2Connection over(SocketWire wire) {
        return over(wire, DEFAULT_WINDOW);
    }

    /**
     * The same with another window for each stream.
     *
     * @param window how many bytes the server may send that the test has not read
     */
    static Http2Connection over(SocketWire wire, int window) {
        try {
            return new Http2Connection(wire, window);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects to a server on {@link TestTransport#HTTP2} or {@link TestTransport#H2C}. */
    public static Http2Connection open(TestTransport transport, int port) {
        return open(transport, port, DEFAULT_WINDOW);
    }

    /** The same with another window for each stream. */
    public static Http2Connection open(TestTransport transport, int port, int window) {
        return begin(transport, WireClient.tcp(port), window);
    }

    /** The same from an address of the loopback's. */
    public static Http2Connection openFrom(String address, TestTransport transport, int port) {
        return begin(transport, WireClient.tcpFrom(address, port), DEFAULT_WINDOW);
    }

    private static Http2Connection begin(TestTransport transport, WireClient client, int window) {
        SocketWire tcp = client.socket();
        try {
            return over(
                    transport.isEncrypted()
                            ? tcp.tlsForHttp2(TestTransport.certificate().client())
                            : tcp,
                    window);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One more client on this connection; nothing is sent yet. Its end is not the end of the connection. */
    public WireClient connect() {
        return new WireClient(new Http2Wire(this, false));
    }

    /** The only client on this connection. Its end is the end of the connection. */
    WireClient only() {
        return new WireClient(new Http2Wire(this, true));
    }

    /** One more WebSocket on this connection, whose handshake has these headers beside the usual ones. */
    public WireClient open(String... moreHeaders) {
        return connect().handshake(moreHeaders);
    }

    /**
     * Any request on a new stream. Its response is read with {@link WireClient#expectStatus}.
     *
     * @param flags such as {@link RawHttp2#END_STREAM}; END_HEADERS is added
     */
    public WireClient request(int flags, String... namesAndValues) {
        try {
            return new WireClient(new Http2Wire(this, newStream(flags, namesAndValues)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends any frames. */
    public RawHttp2 raw() {
        return http;
    }

    /** The stream that was opened last. */
    public int lastStream() {
        synchronized (lock) {
            return lastStream;
        }
    }

    /** What the server's SETTINGS say, once they have come. */
    public Map<Integer, Integer> settings() {
        synchronized (lock) {
            await(() -> settled, "SETTINGS");
            return Map.copyOf(settings);
        }
    }

    /** Whether a GOAWAY has come. */
    public boolean isGoingAway() {
        synchronized (lock) {
            return goAway != null;
        }
    }

    /** Changes the window of all streams, open ones included (RFC 9113 6.9.2). */
    public void changeWindow(int size) throws IOException {
        synchronized (lock) {
            int change = size - requestedWindow;
            requestedWindow = size;
            if (change > 0) {
                growWindow(change);
            }
            changes.add(Math.min(change, 0));
        }
        http.settings(INITIAL_WINDOW_SIZE, size);
    }

    /** A smaller window holds once the server has acknowledged it. */
    private void growWindow(int change) {
        window += change;
        streams.values().forEach(stream -> {
            stream.credit += change;
            stream.giveCredit(0);
        });
    }

    /** Waits for a GOAWAY. */
    public Frame awaitGoAway() {
        synchronized (lock) {
            await(() -> goAway != null, "GOAWAY");
            return Objects.requireNonNull(goAway);
        }
    }

    /** Waits until the server resets a stream, and returns the error code. */
    public int awaitReset(int stream) {
        synchronized (lock) {
            await(() -> streams.containsKey(stream) && streams.get(stream).error >= 0, "a reset of stream " + stream);
            return streams.get(stream).error;
        }
    }

    /** Waits until the server closes the connection. */
    public void awaitEnd() {
        synchronized (lock) {
            try {
                await(() -> lost != null, "the end");
            } catch (UncheckedIOException ended) {
                // As it was to be.
            }
        }
    }

    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition, String name) {
        try {
            await(condition, PATIENCE_MILLIS, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a condition; fails if the connection is lost before. Holds the lock. */
    private void await(Condition condition, int millis, String name) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!condition.holds()) {
            if (lost != null) {
                throw new IOException("no " + name + ": " + lost.getMessage(), lost);
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) + 1;
            if (left <= 0) {
                throw new SocketTimeoutException("no " + name);
            }
            pause(left);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // The caller is a loop.
    private void pause(long millis) throws IOException {
        try {
            lock.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The client's port. */
    public int localPort() {
        return wire.localPort();
    }

    /** Closes the TCP connection. TLS and HTTP/2 send nothing before. */
    public void cut() throws IOException {
        close(wire::cut);
    }

    /** Closes the TCP connection with a reset. */
    public void reset() throws IOException {
        close(wire::reset);
    }

    /** Closes the connection in good order; fails if the server has broken a rule. */
    @Override
    public void close() throws IOException {
        try {
            http.send(GOAWAY, 0, 0, new byte[8]);
        } catch (IOException ended) {
            // The server was faster.
        }
        close(wire::close);
        synchronized (lock) {
            if (broken != null) {
                throw new AssertionError("the server has broken a rule of HTTP/2", broken);
            }
        }
    }

    private interface Closing {
        void run() throws IOException;
    }

    private void close(Closing closing) throws IOException {
        synchronized (lock) {
            closed = true;
        }
        closing.run();
    }

    // Frames of the server.

    private void read() {
        Throwable end;
        try {
            while (true) {
                Frame frame = http.read();
                synchronized (lock) {
                    receive(frame);
                    lock.notifyAll();
                }
            }
        } catch (IOException e) {
            end = e;
        } catch (AssertionError | RuntimeException e) {
            end = e;
            synchronized (lock) {
                broken = closed ? null : e;
            }
        }
        synchronized (lock) {
            lost = new IOException("the connection has ended, " + (goAway == null ? "without GOAWAY" : goAway), end);
            lock.notifyAll();
        }
        answers.add(new Answer(-1, 0, 0, new byte[0]));
        try {
            wire.cut();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    private void answer() {
        try {
            for (Answer next = answers.take(); next.type >= 0; next = answers.take()) {
                http.send(next.type, next.flags, next.stream, next.payload);
            }
        } catch (IOException | InterruptedException ended) {
            // The thread that reads learns it too.
        }
    }

    private void receive(Frame frame) throws IOException {
        byte[] payload = frame.payload().getBytes();
        switch (frame.type()) {
            case SETTINGS -> {
                if ((frame.flags() & ACK) == 0) {
                    apply(frame.settings());
                    answers.add(new Answer(SETTINGS, ACK, 0, new byte[0]));
                } else {
                    require(!changes.isEmpty(), "an acknowledgement of nothing");
                    growWindow(changes.remove());
                }
            }
            case PING -> {
                if ((frame.flags() & ACK) == 0) {
                    answers.add(new Answer(PING, ACK, 0, payload));
                }
            }
            case GOAWAY -> {
                goAway = frame;
                int last = frame.payload().getInt(0);
                streams.values().stream()
                        .filter(stream -> stream.id > last)
                        .forEach(stream -> stream.receiveReset(NO_ERROR));
            }
            case WINDOW_UPDATE -> {
                int more = frame.payload().getInt(0);
                require(more > 0, "a window grows by nothing");
                if (frame.stream() == 0) {
                    sendWindow += more;
                    require(sendWindow <= Integer.MAX_VALUE, "the connection's window is too large");
                } else {
                    opened(frame).sendWindow += more;
                }
            }
            case RST_STREAM -> opened(frame).receiveReset(frame.error());
            case HEADERS -> opened(frame).receiveHead(fields(frame), (frame.flags() & END_STREAM) != 0);
            case DATA -> {
                Stream stream = opened(frame);
                credit -= payload.length;
                require(credit >= 0, "more data than the connection's window");
                if (credit < CONNECTION_WINDOW / 2) {
                    answers.add(new Answer(WINDOW_UPDATE, 0, 0, number(CONNECTION_WINDOW - credit)));
                    credit = CONNECTION_WINDOW;
                }
                stream.receiveData(payload, frame.flags());
            }
            case CONTINUATION -> require(false, "a CONTINUATION without HEADERS");
            default -> {
                // Unknown frames are ignored (RFC 9113 5.5).
            }
        }
    }

    private void apply(Map<Integer, Integer> update) {
        int before = settings.getOrDefault(INITIAL_WINDOW_SIZE, DEFAULT_WINDOW);
        settings.putAll(update);
        settled = true;
        int change = settings.getOrDefault(INITIAL_WINDOW_SIZE, DEFAULT_WINDOW) - before;
        streams.values().forEach(stream -> stream.sendWindow += change);
    }

    private Stream opened(Frame frame) {
        Stream stream = streams.get(frame.stream());
        require(stream != null, "a frame on an idle stream: " + frame);
        return Objects.requireNonNull(stream);
    }

    private Http2Headers fields(Frame head) throws IOException {
        var block = new ByteArrayOutputStream();
        block.writeBytes(head.payload().getBytes());
        for (Frame last = head;
                (last.flags() & END_HEADERS) == 0;
                block.writeBytes(last.payload().getBytes())) {
            last = http.read();
            require(last.type() == CONTINUATION && last.stream() == head.stream(), "a frame within fields");
        }
        try {
            return hpack.decodeHeaders(head.stream(), Unpooled.wrappedBuffer(block.toByteArray()));
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void require(boolean rule, String violation) {
        if (!rule) {
            throw new AssertionError(violation);
        }
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    // Streams.

    /**
     * Asks for a WebSocket on a new stream.
     *
     * @param headers beside those that every handshake has, in the form {@code Name: value}
     */
    Stream requestWebSocket(String... headers) throws IOException {
        return requestWebSocketAt("/ws", headers);
    }

    /** The same with this path and query. */
    Stream requestWebSocketAt(String target, String... headers) throws IOException {
        synchronized (lock) {
            await(() -> settled, PATIENCE_MILLIS, "SETTINGS");
            require(settings.getOrDefault(ENABLE_CONNECT_PROTOCOL, 0) == 1, "the server offers no extended CONNECT");
        }
        String[] fields = {
            ":method", "CONNECT",
            ":protocol", "websocket",
            ":scheme", wire.isEncrypted() ? "https" : "http",
            ":authority", "localhost",
            ":path", target,
            "sec-websocket-version", "13"
        };
        return newStream(
                0,
                java.util.stream.Stream.concat(
                                Arrays.stream(fields), Arrays.stream(headers).flatMap(Http2Connection::field))
                        .toArray(String[]::new));
    }

    /** Name and value of a header line. */
    private static java.util.stream.Stream<String> field(String line) {
        int colon = line.indexOf(':', 1);
        return java.util.stream.Stream.of(
                line.substring(0, colon).toLowerCase(Locale.ROOT),
                line.substring(colon + 1).strip());
    }

    /** Sends a request on a new stream. The order of the streams is the order on the wire. */
    Stream newStream(int flags, String... namesAndValues) throws IOException {
        synchronized (http) {
            Stream stream;
            synchronized (lock) {
                lastStream += 2;
                stream = new Stream(lastStream);
                streams.put(stream.id, stream);
            }
            http.headers(stream.id, flags | END_HEADERS, namesAndValues);
            stream.outputEnded = (flags & END_STREAM) != 0;
            return stream;
        }
    }

    /** One stream. Its input is the response's head as text, and then the data. */
    final class Stream {

        final int id;
        private final Queue<ByteBuffer> input = new ArrayDeque<>();
        private boolean headed;
        private boolean ended;
        /** The code with which the server has reset it; negative while it has not. */
        private int error = -1;

        private long sendWindow = settings.getOrDefault(INITIAL_WINDOW_SIZE, DEFAULT_WINDOW);
        private int credit = window;
        /** Of the input, bytes of the head. They need no credit. */
        private int headBytes;

        private int read;
        /** Guarded by {@link #http}, as frames are sent under it. */
        private boolean outputEnded;

        private boolean reset;
        private volatile int patience = PATIENCE_MILLIS;

        private Stream(int id) {
            this.id = id;
        }

        private void receiveHead(Http2Headers fields, boolean last) {
            require(!ended, "fields behind the end of stream " + id);
            require(!headed || last, "fields in the middle of stream " + id);
            if (!headed) {
                headed = true;
                var text = new StringBuilder("HTTP/2 ").append(fields.status()).append(" \r\n");
                fields.forEach(field -> {
                    if (!field.getKey().toString().startsWith(":")) {
                        text.append(field.getKey())
                                .append(": ")
                                .append(field.getValue())
                                .append("\r\n");
                    }
                });
                byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
                headBytes = head.length;
                input.add(ByteBuffer.wrap(head));
            }
            ended = last;
        }

        /** The first one counts. */
        private void receiveReset(int code) {
            error = error < 0 ? code : error;
        }

        private void receiveData(byte[] payload, int flags) {
            require(headed && !ended, "data outside of the response on stream " + id);
            credit -= payload.length;
            require(credit >= 0, "more data than the window of stream " + id);
            int padding = (flags & PADDED) == 0 ? 0 : 1 + (payload[0] & 0xFF);
            int start = padding == 0 ? 0 : 1;
            if (payload.length > padding) {
                input.add(ByteBuffer.wrap(payload, start, payload.length - padding));
            }
            read += padding;
            ended = (flags & END_STREAM) != 0;
        }

        private final InputStream in = new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] octet = new byte[1];
                return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                synchronized (lock) {
                    Http2Connection.this.await(
                            () -> !input.isEmpty() || ended || error >= 0 || reset, patience, "data on stream " + id);
                    ByteBuffer next = input.peek();
                    if (next == null) {
                        if (ended) {
                            return -1;
                        }
                        throw new IOException("stream " + id + " is reset: " + error);
                    }
                    int count = Math.min(length, next.remaining());
                    next.get(target, offset, count);
                    if (!next.hasRemaining()) {
                        input.remove();
                    }
                    giveCredit(count);
                    return count;
                }
            }
        };

        private void giveCredit(int count) {
            int ofHead = Math.min(headBytes, count);
            headBytes -= ofHead;
            read += count - ofHead;
            if (read > window / 2 && !ended && !reset && error < 0) {
                answers.add(new Answer(WINDOW_UPDATE, 0, id, number(read)));
                credit += read;
                read = 0;
            }
        }

        private final OutputStream out = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int from = offset, to = offset + length; from < to; ) {
                    int count = claim(to - from);
                    send(DATA, 0, Arrays.copyOfRange(bytes, from, from + count));
                    from += count;
                }
            }
        };

        /** Waits until the windows let some of these bytes out, and takes that from them. */
        private int claim(int wanted) throws IOException {
            synchronized (lock) {
                while (true) {
                    if (lost != null || error >= 0 || reset) {
                        throw new IOException("stream " + id + " is reset: " + error, lost);
                    }
                    int count = (int) Math.min(
                            Math.min(wanted, settings.get(MAX_FRAME_SIZE)),
                            Math.min(sendWindow, Http2Connection.this.sendWindow));
                    if (count > 0) {
                        sendWindow -= count;
                        Http2Connection.this.sendWindow -= count;
                        return count;
                    }
                    pause(PATIENCE_MILLIS);
                }
            }
        }

        private void send(int type, int flags, byte[] payload) throws IOException {
            synchronized (http) {
                if (outputEnded) {
                    throw new EOFException("stream " + id + " was ended");
                }
                outputEnded = type == RST_STREAM || (flags & END_STREAM) != 0;
                http.send(type, flags, id, payload);
            }
        }

        InputStream in() {
            return in;
        }

        OutputStream out() {
            return out;
        }

        void setPatience(int millis) {
            patience = millis;
        }

        void endOutput() throws IOException {
            send(DATA, END_STREAM, new byte[0]);
        }

        /** Resets the stream, if it has not ended on both sides. */
        void reset() throws IOException {
            synchronized (http) {
                synchronized (lock) {
                    if (reset || error >= 0 || closed || lost != null || (ended && outputEnded)) {
                        return;
                    }
                    reset = true;
                    lock.notifyAll();
                }
                outputEnded = true;
                http.send(RST_STREAM, 0, id, number(CANCEL));
            }
        }

        /** Ends the stream: in good order if the server has ended it too. */
        void close() {
            boolean inOrder;
            synchronized (lock) {
                inOrder = ended && error < 0 && !closed && lost == null;
            }
            synchronized (http) {
                try {
                    if (inOrder && !outputEnded) {
                        endOutput();
                    } else {
                        reset();
                    }
                } catch (IOException ended) {
                    // The server was faster.
                }
            }
        }
    }
}
