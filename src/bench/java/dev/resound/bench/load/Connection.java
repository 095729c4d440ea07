package dev.resound.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One WebSocket: the same frame again and again on the way out, its echoes on the way in. */
final class Connection {

    // The example of RFC 6455 section 1.3.
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final int PATIENCE_MILLIS = 10_000;

    private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xE8};

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer frames;
    private final int frameSize;
    private final EchoReader reader;
    private final Times times = new Times();

    /** Octets that are to be written, and where in the frame they begin. */
    private long due;

    private int offset;
    private boolean closing;

    private Connection(SocketChannel channel, SelectionKey key, Message message, ByteBuffer frames) {
        this.channel = channel;
        this.key = key;
        this.frames = frames;
        this.frameSize = message.frameSize();
        this.reader = new EchoReader(message);
    }

    /**
     * Connects and shakes hands.
     *
     * @param frames of the message; may be shared among the connections of one thread
     */
    static Connection open(Selector selector, int port, Message message, ByteBuffer frames) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        shakeHands(channel, port);
        channel.configureBlocking(false);
        var key = channel.register(selector, SelectionKey.OP_READ);
        var connection = new Connection(channel, key, message, frames);
        key.attach(connection);
        return connection;
    }

    private static void shakeHands(SocketChannel channel, int port) throws IOException {
        String request = """
                GET /ws HTTP/1.1\r
                Host: localhost:%d\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: %s\r
                \r
                """.formatted(port, KEY);
        var socket = channel.socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read(); // One by one, since what comes behind the answer is frames.
            if (octet < 0) {
                throw new EchoFailure("the server ended the handshake: " + answer);
            }
            answer.append((char) octet);
        }
        if (!answer.toString().startsWith("HTTP/1.1 101") || answer.indexOf(ACCEPT) < 0) {
            throw new EchoFailure("the server answered the handshake with "
                    + answer.toString().lines().findFirst().orElse("nothing"));
        }
    }

    /** Sends messages, now or as soon as the socket takes them, and notes the time for their echoes. */
    void send(int messages, long time) throws IOException {
        for (int i = 0; i < messages; i++) {
            times.add(time);
        }
        boolean waiting = due > 0;
        due += (long) messages * frameSize;
        if (!waiting) {
            flush();
        }
    }

    /** Writes what is due. */
    void flush() throws IOException {
        while (due > 0) {
            int octets = (int) Math.min(due, frames.capacity() - offset);
            int written = channel.write(frames.clear().position(offset).limit(offset + octets));
            due -= written;
            offset = (offset + written) % frameSize;
            if (written < octets) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
        }
        if ((key.interestOps() & SelectionKey.OP_WRITE) != 0) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /**
     * Reads what is there.
     *
     * @return how many echoes it completes; for each of them, {@link #sent} has to be called
     */
    int read(ByteBuffer buffer) throws IOException {
        boolean ended = receive(buffer.clear()) < 0;
        int echoes = reader.read(buffer.flip());
        if (ended || reader.isClosed()) {
            channel.close();
            if (!closing) {
                throw new EchoFailure("the server closed a connection");
            }
        }
        return echoes;
    }

    private int receive(ByteBuffer buffer) throws IOException {
        try {
            return channel.read(buffer);
        } catch (IOException e) {
            if (closing) {
                return -1; // Some servers reset what they have closed.
            }
            throw e;
        }
    }

    /** When the message of the next echo was sent. */
    long sent() {
        return times.remove();
    }

    /** Messages on their way. */
    int outstanding() {
        return times.size();
    }

    /** Sends a Close frame; nothing may be on its way. */
    void beginClose() throws IOException {
        closing = true;
        channel.write(ByteBuffer.wrap(CLOSE));
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void end() throws IOException {
        channel.close();
    }
}
