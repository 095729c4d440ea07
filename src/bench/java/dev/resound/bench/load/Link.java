package dev.resound.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jspecify.annotations.Nullable;

/** A TCP connection to the server, perhaps with TLS. It never blocks, except to wait for a step of a handshake. */
final class Link {

    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(10);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Less than the buffer that is read into, so that one read decrypts all that has arrived. */
    private static final int ENCRYPTED = 1 << 16;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;

    private final @Nullable SSLEngine tls;
    private final ByteBuffer encryptedIn;
    private final ByteBuffer encryptedOut;

    private Link(SocketChannel channel, Selector selector, @Nullable SSLEngine tls) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.key = channel.register(selector, SelectionKey.OP_READ);
        this.tls = tls;
        this.encryptedIn = tls == null ? NOTHING : ByteBuffer.allocateDirect(ENCRYPTED);
        this.encryptedOut = tls == null
                ? NOTHING
                : ByteBuffer.allocateDirect(4 * tls.getSession().getPacketBufferSize())
                        .flip();
    }

    /** @param tls a client's engine; null for clear text */
    static Link connect(Selector selector, int port, @Nullable SSLEngine tls) throws IOException {
        return connect(SocketChannel.open(), selector, port, tls);
    }

    /** @param channel perhaps bound to an address */
    static Link connect(SocketChannel channel, Selector selector, int port, @Nullable SSLEngine tls)
            throws IOException {
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        var link = new Link(channel, selector, tls);
        link.shakeHands();
        return link;
    }

    /** Has the session told when the socket is ready. */
    void attach(Session session) {
        key.attach(session);
    }

    private void shakeHands() throws IOException {
        if (tls == null) {
            return;
        }
        tls.beginHandshake();
        var plain = ByteBuffer.allocate(tls.getSession().getApplicationBufferSize());
        for (HandshakeStatus status = tls.getHandshakeStatus();
                status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
                status = tls.getHandshakeStatus()) {
            switch (status) {
                case NEED_WRAP -> {
                    encryptedOut.clear();
                    tls.wrap(NOTHING, encryptedOut);
                    encryptedOut.flip();
                    write(NOTHING);
                }
                case NEED_TASK -> tls.getDelegatedTask().run();
                default -> {
                    // What has arrived with the last record comes first.
                    if (read(plain.clear()) < 0) {
                        throw new EchoFailure("the server ended the TLS handshake");
                    }
                    if (tls.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                        await();
                    }
                }
            }
        }
    }

    /** Waits until the socket is readable; for handshakes only. */
    void await() throws IOException {
        if (selector.select(PATIENCE_MILLIS) == 0) {
            throw new EchoFailure("the server does not answer the handshake");
        }
        selector.selectedKeys().clear();
    }

    /**
     * Writes as much as the socket takes, and watches for when it takes the rest. {@link #isBlocked} says whether there is
     * one.
     */
    void write(ByteBuffer data) throws IOException {
        if (tls == null) {
            channel.write(data);
        } else {
            writeEncrypted(data, tls);
        }
        boolean blocked = data.hasRemaining() || encryptedOut.hasRemaining();
        int interest = blocked ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    private void writeEncrypted(ByteBuffer data, SSLEngine tls) throws IOException {
        while (true) {
            channel.write(encryptedOut);
            if (encryptedOut.hasRemaining() || !data.hasRemaining()) {
                return;
            }
            encryptedOut.clear();
            while (data.hasRemaining()
                    && encryptedOut.remaining() >= tls.getSession().getPacketBufferSize()) {
                tls.wrap(data, encryptedOut);
            }
            encryptedOut.flip();
        }
    }

    /** Writes what TLS still holds. */
    void flush() throws IOException {
        write(NOTHING);
    }

    /** Whether the socket has not taken all yet. */
    boolean isBlocked() {
        return (key.interestOps() & SelectionKey.OP_WRITE) != 0;
    }

    /**
     * Reads what has arrived.
     *
     * @param into with room for more than 64 KiB, or for one TLS record during a handshake
     * @return octets; −1 if there will be no more
     */
    int read(ByteBuffer into) throws IOException {
        if (tls == null) {
            return channel.read(into);
        }
        boolean ended = channel.read(encryptedIn) < 0;
        int before = into.position();
        encryptedIn.flip();
        SSLEngineResult result;
        do {
            result = tls.unwrap(encryptedIn, into);
            while (tls.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                tls.getDelegatedTask().run();
            }
        } while (result.getStatus() == SSLEngineResult.Status.OK
                && encryptedIn.hasRemaining()
                && tls.getHandshakeStatus() != HandshakeStatus.NEED_WRAP);
        encryptedIn.compact();
        int octets = into.position() - before;
        return octets == 0 && (ended || tls.isInboundDone()) ? -1 : octets;
    }

    String protocol() {
        return tls == null ? "" : tls.getApplicationProtocol();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void close() throws IOException {
        channel.close();
    }
}
