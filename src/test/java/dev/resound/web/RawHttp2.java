package dev.resound.web;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An HTTP/2 client that sends the frames that it is told, allowed or not (RFC 9113), and no others. */
final class RawHttp2 implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int PRIORITY = 0x20;

    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int PATIENCE_MILLIS = 20_000;

    /** Those of HPACK's static table (RFC 7541 appendix A). */
    private static final Map<Integer, Integer> STATUS =
            Map.of(0x88, 200, 0x89, 204, 0x8A, 206, 0x8B, 304, 0x8C, 400, 0x8D, 404, 0x8E, 500);

    private final SSLSocket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** A frame as it came. */
    record Frame(int type, int stream, Buffer payload) {

        /** Of a response. */
        int status() {
            int first = payload.getUnsignedByte(0);
            return first >= 0x80
                    ? STATUS.getOrDefault(first, 0)
                    : Integer.parseInt(payload.getString(2, 2 + payload.getByte(1)));
        }

        /** Of a RST_STREAM or a GOAWAY. */
        int error() {
            return payload.getInt(type == GOAWAY ? 4 : 0);
        }

        Map<Integer, Integer> settings() {
            Map<Integer, Integer> settings = new TreeMap<>();
            for (int i = 0; i < payload.length(); i += 6) {
                settings.put(payload.getUnsignedShort(i), payload.getInt(i + 2));
            }
            return settings;
        }
    }

    private RawHttp2(SSLSocket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** A TLS connection for HTTP/2, on which nothing was said yet. */
    static RawHttp2 connect(int port, SSLContext context) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (!socket.getApplicationProtocol().equals("h2")) {
            throw new AssertionError("no HTTP/2: " + socket.getApplicationProtocol());
        }
        return new RawHttp2(socket);
    }

    /** The same, after the client's preface with these settings. */
    static RawHttp2 open(int port, SSLContext context, int... settings) throws IOException {
        RawHttp2 http = connect(port, context);
        http.out.write(preface());
        ByteBuffer pairs = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            pairs.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return http.send(SETTINGS, 0, 0, pairs.array());
    }

    static byte[] preface() {
        return PREFACE.getBytes(StandardCharsets.US_ASCII);
    }

    RawHttp2 sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    RawHttp2 send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        out.write(frame.array());
        return this;
    }

    /** A whole request. */
    RawHttp2 get(int stream, String path, String... moreHeaders) throws IOException {
        return request(stream, "GET", path, END_STREAM | END_HEADERS, moreHeaders);
    }

    RawHttp2 request(int stream, String method, String path, int flags, String... moreHeaders) throws IOException {
        var block = new ByteArrayOutputStream();
        String[] pseudo = {":method", method, ":scheme", "https", ":authority", "localhost", ":path", path};
        literals(block, pseudo);
        literals(block, moreHeaders);
        return send(HEADERS, flags, stream, block.toByteArray());
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

    Frame read() throws IOException {
        int head = in.readInt();
        int type = head & 0xFF;
        int flags = in.readByte();
        int stream = in.readInt();
        // A weight in front of the headers, which nobody needs.
        int skipped = type == HEADERS && (flags & PRIORITY) != 0 ? 5 : 0;
        in.skipNBytes(skipped);
        byte[] payload = new byte[(head >>> 8) - skipped];
        in.readFully(payload);
        return new Frame(type, stream, Buffer.buffer(payload));
    }

    /** The next frame of this type; others are passed over. */
    Frame await(int type) throws IOException {
        Frame frame = read();
        while (frame.type() != type) {
            frame = read();
        }
        return frame;
    }

    /** Waits for the end; frames before it are passed over. */
    boolean ends() {
        try {
            in.readAllBytes();
            return true;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
