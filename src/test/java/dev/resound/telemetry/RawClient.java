package dev.resound.telemetry;

import dev.resound.test.RunningResound;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A WebSocket client that says exactly what it is told to, wrong things too, and answers nothing by itself. */
final class RawClient implements AutoCloseable {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final String HANDSHAKE = """
            GET /ws HTTP/1.1
            Host: localhost
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            """;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final byte[] MASK = {1, 2, 3, 4};
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final int status;

    /** A frame as it came. */
    record Frame(int opcode, Buffer payload) {}

    private RawClient(Socket socket, String request) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        sendBytes(request.replace("\n", "\r\n").concat("\r\n").getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readByte());
        }
        status = Integer.parseInt(head.substring(9, 12));
    }

    /** @param request lines of a request, without the empty one at its end */
    static RawClient connect(RunningResound resound, String request) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), resound.port()), request);
    }

    static RawClient connect(RunningResound resound) throws IOException {
        return connect(resound, HANDSHAKE);
    }

    int status() {
        return status;
    }

    void send(int opcode, boolean fin, byte[] payload) throws IOException {
        boolean longer = payload.length > 125;
        byte[] frame = new byte[(longer ? 8 : 6) + payload.length];
        frame[0] = (byte) (opcode | (fin ? FIN : 0));
        frame[1] = (byte) (MASKED | (longer ? 126 : payload.length));
        if (longer) {
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        }
        int start = frame.length - payload.length;
        System.arraycopy(MASK, 0, frame, start - 4, 4);
        for (int i = 0; i < payload.length; i++) {
            frame[start + i] = (byte) (payload[i] ^ MASK[i % 4]);
        }
        sendBytes(frame);
    }

    void send(int opcode, String payload) throws IOException {
        send(opcode, true, payload.getBytes(StandardCharsets.UTF_8));
    }

    void sendClose(int code) throws IOException {
        send(CLOSE, true, new byte[] {(byte) (code >> 8), (byte) code});
    }

    void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next frame; empty at the end of the TCP connection. */
    Optional<Frame> read() throws IOException {
        try {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
            in.readFully(payload);
            return Optional.of(new Frame(first & 0x0f, Buffer.buffer(payload)));
        } catch (EOFException end) {
            return Optional.empty();
        }
    }

    /** Reads to the end of the TCP connection. */
    void readToEnd() throws IOException {
        while (read().isPresent()) {
            // What comes does not matter.
        }
    }

    /** Ends the TCP connection without a Close frame. */
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
