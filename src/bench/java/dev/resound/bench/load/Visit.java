package dev.resound.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A whole TCP connection: opening handshake, one message and its echo, closing handshake, and the end that the server has to
 * make. The listener hears of the echo at that end, so its latency is that of all this.
 */
final class Visit implements Session {

    /** 127.0.0.2 and so on, in turn: one address alone may run out of ports, as the system keeps them for a minute. */
    private static final int ADDRESSES = 8;

    private static int visits;

    private final Link link;
    private final Connection connection;
    private final boolean deflate;
    private final long begin = System.nanoTime();
    private final StringBuilder answer = new StringBuilder();
    private boolean greeted;

    private Visit(Link link, Connection connection, boolean deflate) {
        this.link = link;
        this.connection = connection;
        this.deflate = deflate;
    }

    static Visit begin(Selector selector, Job job, Message message, ByteBuffer frames) throws IOException {
        byte[] address = {127, 0, 0, (byte) (2 + visits++ % ADDRESSES)};
        var channel = SocketChannel.open().bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
        var link = Link.connect(channel, selector, job.port(), null);
        boolean deflate = job.wire().deflate();
        var visit = new Visit(link, new Connection(message, frames, link::write), deflate);
        link.attach(visit);
        link.write(Http1Session.request(job.port(), deflate));
        return visit;
    }

    /** None that could be driven by others. */
    @Override
    public List<Connection> connections() {
        return List.of();
    }

    @Override
    public int outstanding() {
        return isOpen() ? 1 : 0;
    }

    @Override
    public void onWritable() throws IOException {
        link.flush();
        connection.flush();
    }

    @Override
    public void onReadable(ByteBuffer buffer, EchoListener listener) throws IOException {
        boolean ended = Http1Session.receive(link, connection, buffer.clear()) < 0;
        buffer.flip();
        if (!greeted) {
            greet(buffer, ended);
        } else if (connection.received(buffer) > 0) {
            connection.beginClose();
        }
        if (ended) {
            leave(listener);
        }
    }

    private void greet(ByteBuffer data, boolean ended) throws IOException {
        answer.append(StandardCharsets.ISO_8859_1.decode(data));
        if (ended) {
            throw new EchoFailure("the server ended the handshake: " + answer);
        }
        if (answer.indexOf("\r\n\r\n") >= 0) {
            Http1Session.check(answer.toString(), deflate);
            greeted = true;
            connection.send(1, begin);
        }
    }

    private void leave(EchoListener listener) throws IOException {
        link.close();
        connection.end();
        if (!connection.isClosed()) {
            throw new EchoFailure("the server ended a connection without a Close frame");
        }
        listener.onEchoes(connection, 1);
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
