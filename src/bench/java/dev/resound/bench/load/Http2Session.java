package dev.resound.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP/2 connection (RFC 9113) with WebSockets on its streams (RFC 8441): just as much of both as a generator needs. It grants
 * the server windows as large as they can be, and keeps to those of the server.
 */
final class Http2Session implements Session {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;

    private static final int FRAME_HEADER = 9;
    /** What every peer takes (RFC 9113 6.5.2). */
    private static final int MAX_FRAME_SIZE = 1 << 14;

    /** Kept free of data in the buffer, for frames of other types while the socket takes nothing. */
    private static final int RESERVE = 4096;

    private static final int DEFAULT_WINDOW = 65_535;
    /** When so much has been received, the server gets it back as credit. */
    private static final int CREDIT = 1 << 20;

    /** ":status: 200" in HPACK's static table (RFC 7541 A). */
    private static final int STATUS_200 = 0x88;

    private final Link link;
    private final List<Stream> streams = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();

    private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 18);
    private long window = DEFAULT_WINDOW;
    private int initialWindow = DEFAULT_WINDOW;
    private boolean connectProtocol;
    private int unacknowledged;

    private final ByteBuffer header = ByteBuffer.allocate(FRAME_HEADER);
    private ByteBuffer control = ByteBuffer.allocate(0);
    private int remaining = -1;

    /** While input is being dispatched, output waits, as a gateway's would, and leaves in one write. */
    private boolean dispatching;

    private Http2Session(Link link) {
        this.link = link;
    }

    /** Opens as many WebSockets on one connection. */
    static Http2Session open(Link link, int port, int streams, Message message, ByteBuffer frames) throws IOException {
        if (!link.protocol().equals("h2")) {
            throw new EchoFailure("the server does not speak HTTP/2");
        }
        var session = new Http2Session(link);
        session.shakeHands(port, streams, message, frames);
        link.attach(session);
        return session;
    }

    private void shakeHands(int port, int count, Message message, ByteBuffer frames) throws IOException {
        var buffer = ByteBuffer.allocateDirect(1 << 17);
        out.put(PREFACE);
        putHeader(6, SETTINGS, 0, 0);
        out.putShort((short) INITIAL_WINDOW_SIZE).putInt(Integer.MAX_VALUE);
        putWindowUpdate(0, Integer.MAX_VALUE - DEFAULT_WINDOW);
        flush();
        while (!connectProtocol) {
            link.await();
            onReadable(buffer, (connection, echoes) -> {});
        }
        byte[] request = request(port);
        for (int i = 0; i < count; i++) {
            var stream = new Stream(2 * i + 1, message, frames);
            streams.add(stream);
            connections.add(stream.connection);
            putHeader(request.length, HEADERS, END_HEADERS, stream.id);
            out.put(request);
        }
        flush();
        while (!streams.stream().allMatch(stream -> stream.accepted)) {
            link.await();
            onReadable(buffer, (connection, echoes) -> {});
        }
    }

    /** An extended CONNECT; all its fields are literals without indexing (RFC 7541 6.2.2). */
    private static byte[] request(int port) {
        var block = ByteBuffer.allocate(256);
        putField(block, 2, "", "CONNECT");
        putField(block, 0, ":protocol", "websocket");
        putField(block, 6, "", "https");
        putField(block, 4, "", "/ws");
        putField(block, 1, "", "localhost:" + port);
        putField(block, 0, "sec-websocket-version", "13");
        byte[] octets = new byte[block.flip().remaining()];
        block.get(octets);
        return octets;
    }

    private static void putField(ByteBuffer block, int nameIndex, String name, String value) {
        block.put((byte) nameIndex);
        if (nameIndex == 0) {
            putText(block, name);
        }
        putText(block, value);
    }

    private static void putText(ByteBuffer block, String text) {
        block.put((byte) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void putHeader(int length, int type, int flags, int stream) {
        out.put((byte) (length >> 16)).putShort((short) length);
        out.put((byte) type).put((byte) flags).putInt(stream);
    }

    private void putWindowUpdate(int stream, int octets) {
        putHeader(4, WINDOW_UPDATE, 0, stream);
        out.putInt(octets);
    }

    private void flush() throws IOException {
        link.write(out.flip());
        out.compact();
    }

    @Override
    public void onWritable() throws IOException {
        dispatching = true;
        flush();
        writeOn();
    }

    /** Writes what had no room in the buffer, as long as the socket takes it. */
    private void writeOn() throws IOException {
        do {
            resume();
            flush();
        } while (out.position() > 0 && !link.isBlocked());
        dispatching = false;
    }

    private void resume() throws IOException {
        for (Connection connection : connections) {
            connection.flush();
        }
    }

    @Override
    public void onReadable(ByteBuffer buffer, EchoListener listener) throws IOException {
        boolean ended = link.read(buffer.clear()) < 0;
        dispatching = true;
        buffer.flip();
        while (buffer.hasRemaining()) {
            if (remaining < 0) {
                readHeader(buffer);
            } else {
                readPayload(buffer, listener);
            }
        }
        writeOn();
        if (ended) {
            link.close();
            for (Connection connection : connections) {
                connection.end();
            }
        }
    }

    private void readHeader(ByteBuffer buffer) throws IOException {
        while (header.hasRemaining() && buffer.hasRemaining()) {
            header.put(buffer.get());
        }
        if (header.hasRemaining()) {
            return;
        }
        remaining = ((header.getShort(0) & 0xFFFF) << 8) | (header.get(2) & 0xFF);
        header.clear();
        if (type() != DATA) {
            control = ByteBuffer.allocate(remaining);
        }
        if (remaining == 0) {
            endFrame();
        }
    }

    private void readPayload(ByteBuffer buffer, EchoListener listener) throws IOException {
        int octets = Math.min(remaining, buffer.remaining());
        ByteBuffer part = buffer.slice(buffer.position(), octets);
        buffer.position(buffer.position() + octets);
        remaining -= octets;
        if (type() == DATA) {
            stream().received(part, listener);
        } else {
            control.put(part);
        }
        if (remaining == 0) {
            endFrame();
        }
    }

    private int type() {
        return header.get(3);
    }

    private boolean hasFlag(int flag) {
        return (header.get(4) & flag) != 0;
    }

    private Stream stream() {
        return streams.get((header.getInt(5) - 1) / 2);
    }

    private void endFrame() throws IOException {
        remaining = -1;
        control.flip();
        switch (type()) {
            case SETTINGS -> onSettings();
            case WINDOW_UPDATE -> onWindowUpdate();
            case HEADERS -> onHeaders();
            case RST_STREAM -> stream().connection.end();
            case GOAWAY -> {
                if (control.getInt(4) != 0) {
                    throw new EchoFailure("the server ended an HTTP/2 connection with error " + control.getInt(4));
                }
            }
            case PING -> {
                if (!hasFlag(ACK)) {
                    putHeader(8, PING, ACK, 0);
                    out.put(control);
                }
            }
            default -> {
                // Nothing to do.
            }
        }
        if ((type() == DATA || type() == HEADERS) && hasFlag(END_STREAM)) {
            stream().connection.end();
        }
    }

    private void onSettings() {
        if (hasFlag(ACK)) {
            return;
        }
        while (control.hasRemaining()) {
            int setting = control.getShort();
            int value = control.getInt();
            if (setting == INITIAL_WINDOW_SIZE) {
                initialWindow = value;
            }
            connectProtocol |= setting == ENABLE_CONNECT_PROTOCOL && value == 1;
        }
        if (!connectProtocol) {
            throw new EchoFailure("the server does not offer WebSockets over HTTP/2");
        }
        putHeader(0, SETTINGS, ACK, 0);
    }

    private void onWindowUpdate() throws IOException {
        int octets = control.getInt(0);
        if (header.getInt(5) == 0) {
            window += octets;
            resume();
        } else {
            stream().window += octets;
            stream().connection.flush();
        }
    }

    private void onHeaders() {
        int first = control.get(0) & 0xFF;
        if (first >> 5 == 1) {
            first = control.get(1) & 0xFF; // Behind a change of the table's size (RFC 7541 6.3).
        }
        if (!stream().accepted && first != STATUS_200) {
            throw new EchoFailure("the server refused a WebSocket over HTTP/2");
        }
        stream().accepted = true;
    }

    private void credit(Stream stream, int octets) {
        unacknowledged += octets;
        if (unacknowledged >= CREDIT) {
            putWindowUpdate(0, unacknowledged);
            unacknowledged = 0;
        }
        stream.unacknowledged += octets;
        if (stream.unacknowledged >= CREDIT) {
            putWindowUpdate(stream.id, stream.unacknowledged);
            stream.unacknowledged = 0;
        }
    }

    @Override
    public List<Connection> connections() {
        return connections;
    }

    @Override
    public boolean isOpen() {
        return connections.stream().anyMatch(connection -> !connection.isEnded());
    }

    @Override
    public void close() throws IOException {
        link.close();
    }

    /** One WebSocket. */
    private final class Stream {

        private final int id;
        private final Connection connection;
        private long window = initialWindow;
        private int unacknowledged;
        private boolean accepted;

        Stream(int id, Message message, ByteBuffer frames) {
            this.id = id;
            this.connection = new Connection(message, frames, this::write);
        }

        /** Takes as much as the windows and the buffer allow. */
        private void write(ByteBuffer data) throws IOException {
            while (data.hasRemaining()) {
                long room = Math.min(
                        Math.min(MAX_FRAME_SIZE, out.remaining() - RESERVE),
                        Math.min(window, Http2Session.this.window));
                int octets = (int) Math.min(room, data.remaining());
                if (octets <= 0) {
                    break;
                }
                putHeader(octets, DATA, 0, id);
                out.put(data.slice(data.position(), octets));
                data.position(data.position() + octets);
                window -= octets;
                Http2Session.this.window -= octets;
            }
            if (!dispatching) {
                flush();
            }
        }

        private void received(ByteBuffer data, EchoListener listener) throws IOException {
            credit(this, data.remaining());
            int echoes = connection.received(data);
            if (echoes > 0) {
                listener.onEchoes(connection, echoes);
            }
        }
    }
}
