package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.ConnectionObserver;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.ConnectionListener;
import dev.resound.websocket.protocol.ProtocolSettings;
import dev.resound.websocket.protocol.SubprotocolHandler;
import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A connection core without sockets: what the client writes goes to a {@link Connection} on the thread of a context, and its output comes back. */
final class CoreWire implements Wire {

    private static final AtomicLong IDS = new AtomicLong();
    private static final byte[] END = {};
    private static final String ACCEPTED = "accepted\r\n\r\n";

    private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final BlockingQueue<byte[]> output = new LinkedBlockingQueue<>();
    private final Vertx vertx;
    private final Context context;
    private final ConnectionObserver observer;
    private final ConnectionInfo info;
    private final Connection connection;
    private volatile int patience = 20_000;

    private long timer = -1;
    private boolean inputEnded;
    private boolean outputEnded;
    private volatile boolean closed;

    CoreWire(Vertx vertx, Context context, ProtocolSettings settings, ConnectionObserver observer) {
        this.vertx = vertx;
        this.context = context;
        this.observer = observer;
        info = new ConnectionInfo(
                "core-" + IDS.incrementAndGet(), ConnectionKind.ECHO, HttpProtocol.HTTP_1, "core", null);
        connection = new Connection(
                new Core(), settings, Optional.empty(), SubprotocolHandler.ECHO, observer, new Listener());
    }

    private void run(Runnable step) {
        context.runOnContext(go -> {
            if (!closed) {
                step.run();
            }
        });
    }

    // The client.

    private final InputStream in = new InputStream() {
        private ByteArrayInputStream current = new ByteArrayInputStream(END);
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] octet = new byte[1];
            return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (!ended && current.available() == 0) {
                current = new ByteArrayInputStream(next());
                ended = current.available() == 0;
            }
            return current.read(target, offset, length);
        }

        private byte[] next() throws IOException {
            try {
                byte[] bytes = output.poll(patience, TimeUnit.MILLISECONDS);
                if (bytes == null) {
                    throw new SocketTimeoutException("Read timed out");
                }
                return bytes;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    };

    private final OutputStream out = new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (closed) {
                throw new SocketException("closed");
            }
            byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
            run(() -> {
                connection.receive(allocator.ioBuffer(copy.length).writeBytes(copy));
            });
        }
    };

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public void requestUpgradeAt(String target, String... headers) {
        assertThat(headers).as("there is no handshake").isEmpty();
        output.add(ACCEPTED.getBytes(StandardCharsets.US_ASCII));
        run(connection::open);
    }

    @Override
    public void requireAccepted(String head) {
        assertThat(head).isEqualTo(ACCEPTED);
    }

    @Override
    public void endOutput() {
        run(() -> {
            inputEnded = true;
            if (outputEnded) {
                end();
            } else {
                connection.endOfInput();
            }
        });
    }

    @Override
    public void reset() {
        run(() -> {
            connection.onPeerLost();
            end();
        });
    }

    @Override
    public void cut() {
        endOutput();
    }

    @Override
    public void setPatience(int millis) {
        patience = millis;
    }

    @Override
    public int localPort() {
        return 0;
    }

    @Override
    public void close() {
        endOutput();
    }

    private void end() {
        if (!closed) {
            closed = true;
            output.add(END);
            context.runOnContext(go -> connection.onTransportEnd());
        }
    }

    /** What the connection asks for. */
    private final class Core implements Transport {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public ByteBufAllocator allocator() {
            return allocator;
        }

        @Override
        public void write(ByteBuf bytes) {
            if (bytes.isReadable()) {
                output.add(ByteBufUtil.getBytes(bytes));
            }
            bytes.release();
        }

        @Override
        public void flush() {}

        @Override
        public void flushNow() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void notifyWhenWritable() {}

        @Override
        public void setReading(boolean reading) {}

        @Override
        public void resumeLater() {
            run(connection::resume);
        }

        @Override
        public void setTimer(long nanos) {
            cancelTimer();
            timer = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, due -> run(connection::onTimer));
        }

        @Override
        public Future<?> schedule(long nanos, Runnable task) {
            throw new UnsupportedOperationException("only faults use it");
        }

        @Override
        public void cancelTimer() {
            vertx.cancelTimer(timer);
        }

        @Override
        public void shutdownOutput() {
            outputEnded = true;
            if (inputEnded) {
                end();
            } else {
                output.add(END);
            }
        }

        @Override
        public void close() {
            end();
        }

        @Override
        public void reset() {
            end();
        }
    }

    private final class Listener implements ConnectionListener {

        @Override
        public void opened(Connection open) {
            observer.handshake(info.http(), HandshakeOutcome.ACCEPTED);
            observer.opened(info);
        }

        @Override
        public void failed(Throwable fault) {
            throw new AssertionError(fault);
        }

        @Override
        public void closed(Connection ended, ConnectionEnd end) {
            observer.closed(info, end);
        }
    }
}
