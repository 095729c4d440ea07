package dev.resound.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A TCP connection that is one WebSocket. */
final class Http1Session implements Session {

    // The example of RFC 6455 section 1.3.
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    /** Each message by itself, so that the same frame can be sent again and again. */
    private static final String DEFLATE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private final Link link;
    private final Connection connection;

    private Http1Session(Link link, Message message, ByteBuffer frames) {
        this.link = link;
        this.connection = new Connection(message, frames, link::write);
    }

    /**
     * Shakes hands.
     *
     * @param deflate whether messages are compressed
     * @param frames of the message; may be shared among the connections of one thread
     */
    static Http1Session open(Link link, int port, boolean deflate, Message message, ByteBuffer frames)
            throws IOException {
        shakeHands(link, port, deflate);
        var session = new Http1Session(link, message, frames);
        link.attach(session);
        return session;
    }

    /** Asks for a WebSocket. */
    static ByteBuffer request(int port, boolean deflate) {
        String request = """
                GET /ws HTTP/1.1\r
                Host: localhost:%d\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: %s\r
                %s\r
                """.formatted(port, KEY, deflate ? "Sec-WebSocket-Extensions: " + DEFLATE + "\r\n" : "");
        return ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    }

    private static void shakeHands(Link link, int port, boolean deflate) throws IOException {
        link.write(request(port, deflate));
        var buffer = ByteBuffer.allocate(1 << 17);
        var answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            link.await();
            if (link.read(buffer.clear()) < 0) {
                throw new EchoFailure("the server ended the handshake: " + answer);
            }
            answer.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        check(answer.toString(), deflate);
    }

    /** @param answer to the {@link #request} */
    static void check(String answer, boolean deflate) {
        if (!answer.startsWith("HTTP/1.1 101") || !answer.contains(ACCEPT)) {
            throw new EchoFailure("the server answered the handshake with "
                    + answer.lines().findFirst().orElse("nothing"));
        }
        if (deflate && !answer.contains("permessage-deflate")) {
            throw new EchoFailure("the server does not compress");
        }
        if (!answer.endsWith("\r\n\r\n")) {
            throw new EchoFailure("the server sent a frame before it got one");
        }
    }

    @Override
    public List<Connection> connections() {
        return List.of(connection);
    }

    @Override
    public void onWritable() throws IOException {
        link.flush();
        connection.flush();
    }

    @Override
    public void onReadable(ByteBuffer buffer, EchoListener listener) throws IOException {
        boolean ended = receive(link, connection, buffer.clear()) < 0;
        int echoes = connection.received(buffer.flip());
        if (ended || connection.isClosed()) {
            link.close();
            connection.end();
        }
        if (echoes > 0) {
            listener.onEchoes(connection, echoes);
        }
    }

    /** @return octets; −1 at the end of a connection that the server may end */
    static int receive(Link link, Connection connection, ByteBuffer buffer) throws IOException {
        try {
            return link.read(buffer);
        } catch (IOException e) {
            if (connection.isClosing()) {
                return -1; // Some servers reset what they have closed.
            }
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return link.isOpen();
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
