package dev.resound.test;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** An HTTP/2 client that sends the frames that it is told, allowed or not (RFC 9113), and no others. */
public final class RawHttp2 implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    /** The same bit, of SETTINGS and PING. */
    public static final int ACK = 1;

    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;
    private static final int PRIORITY = 0x20;

    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int MAX_FRAME_SIZE = 5;
    public static final int ENABLE_CONNECT_PROTOCOL = 8;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /** Those of HPACK's static table (RFC 7541 appendix A). */
    private static final Map<Integer, Integer> STATUS =
            Map.of(0x88, 200, 0x89, 204, 0x8A, 206, 0x8B, 304, 0x8C, 400, 0x8D, 404, 0x8E, 500);

    private final SocketWire wire;
    private final DataInputStream in;
    private final OutputStream out;

    /** A frame as it came. */
    public record Frame(int type, int flags, int stream, Buffer payload) {

        /** Of a response. */
        public int status() {
            int first = payload.getUnsignedByte(0);
            return first >= 0x80
                    ? STATUS.getOrDefault(first, 0)
                    : Integer.parseInt(payload.getString(2, 2 + payload.getByte(1)));
        }

        /** Whether nothing more comes on its stream. */
        public boolean endsStream() {
            return type == RST_STREAM || ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0);
        }

        /** Of a RST_STREAM or a GOAWAY. */
        public int error() {
            return payload.getInt(type == GOAWAY ? 4 : 0);
        }

        @Override
        public String toString() {
            String error = type == RST_STREAM || type == GOAWAY ? " error " + error() : "";
            return "frame of type " + type + " flags " + flags + " stream " + stream + ", " + payload.length()
                    + " bytes" + error;
        }

        public Map<Integer, Integer> settings() {
            Map<Integer, Integer> settings = new TreeMap<>();
            for (int i = 0; i < payload.length(); i += 6) {
                settings.put(payload.getUnsignedShort(i), payload.getInt(i + 2));
            }
            return settings;
        }
    }

    RawHttp2(SocketWire wire) {
        this.wire = wire;
        in = new DataInputStream(wire.in());
        out = wire.out();
    }

    /** A TLS connection for HTTP/2 on which nothing was sent yet. */
    public static RawHttp2 connect(int port, SSLContext context) throws IOException {
        return new RawHttp2(tcp(port).tlsForHttp2(context));
    }

    /** A TCP connection for HTTP/2 with prior knowledge, on which nothing was sent yet. */
    public static RawHttp2 connect(int port) throws IOException {
        return new RawHttp2(tcp(port));
    }

    /** An open connection. */
    public static RawHttp2 over(WireClient client) {
        return new RawHttp2(client.socket());
    }

    private static SocketWire tcp(int port) throws IOException {
        return SocketWire.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), socket -> {});
    }

    /** The same, after the client's preface with these settings. */
    public static RawHttp2 open(int port, SSLContext context, int... settings) throws IOException {
        return connect(port, context).begin(settings);
    }

    /** Sends the client's preface with these settings. */
    public RawHttp2 begin(int... settings) throws IOException {
        return sendBytes(preface()).settings(settings);
    }

    /** Sends SETTINGS: identifiers and values in turn. */
    public RawHttp2 settings(int... settings) throws IOException {
        ByteBuffer pairs = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            pairs.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return send(SETTINGS, 0, 0, pairs.array());
    }

    public static byte[] preface() {
        return PREFACE.getBytes(StandardCharsets.US_ASCII);
    }

    public synchronized RawHttp2 sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    public RawHttp2 send(int type, int flags, int stream, byte[] payload) throws IOException {
        return sendBytes(frame(type, flags, stream, payload));
    }

    /** A frame as bytes. */
    public static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A whole request. */
    public RawHttp2 get(int stream, String path, String... moreHeaders) throws IOException {
        return request(stream, "GET", path, END_STREAM | END_HEADERS, moreHeaders);
    }

    public RawHttp2 request(int stream, String method, String path, int flags, String... moreHeaders)
            throws IOException {
        String[] pseudo = {":method", method, ":scheme", "https", ":authority", "localhost", ":path", path};
        return headers(
                stream,
                flags,
                Stream.of(pseudo, moreHeaders).flatMap(Stream::of).toArray(String[]::new));
    }

    /** HEADERS with these fields and no others. */
    public RawHttp2 headers(int stream, int flags, String... namesAndValues) throws IOException {
        return send(HEADERS, flags, stream, block(namesAndValues));
    }

    /** A field block. */
    public static byte[] block(String... namesAndValues) {
        var block = new ByteArrayOutputStream();
        literals(block, namesAndValues);
        return block.toByteArray();
    }

    /** In HPACK, without a table. */
    private static void literals(ByteArrayOutputStream block, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            text(block, namesAndValues[i]);
            text(block, namesAndValues[i + 1]);
        }
    }

    private static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            for (length -= 127; length >= 128; length /= 128) {
                block.write(length % 128 + 128);
            }
            block.write(length);
        }
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    public Frame read() throws IOException {
        int head = in.readInt();
        int type = head & 0xFF;
        int flags = in.readByte();
        int stream = in.readInt();
        // A weight in front of the headers, which nobody needs.
        int skipped = type == HEADERS && (flags & PRIORITY) != 0 ? 5 : 0;
        in.skipNBytes(skipped);
        byte[] payload = new byte[(head >>> 8) - skipped];
        in.readFully(payload);
        return new Frame(type, flags, stream, Buffer.buffer(payload));
    }

    /** The next frame of this type; others are passed over. */
    public Frame await(int type) throws IOException {
        Frame frame = read();
        while (frame.type() != type) {
            frame = read();
        }
        return frame;
    }

    /** Waits for the end; frames before it are passed over. */
    public boolean ends() {
        try {
            in.readAllBytes();
            return true;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    /** The frame that ends this stream, or {@link #GOAWAY}; others are passed over. */
    public Frame awaitEnd(int stream) throws IOException {
        Frame frame = read();
        while (frame.type() != GOAWAY && !(frame.stream() == stream && frame.endsStream())) {
            frame = read();
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
