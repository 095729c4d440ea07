package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A client that keeps no rule by itself: it sends any bits, cut in any way, and tells what comes back. A polite client cannot
 * test a server. Its calls chain, so that a conversation reads from top to bottom.
 */
public final class WireClient implements AutoCloseable {

    /** The key and the accept value of RFC 6455 section 1.3. */
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    public static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final int PATIENCE_MILLIS = 20_000;

    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    private final Wire wire;
    private final InputStream in;
    private final OutputStream out;
    private Delivery delivery = Delivery.ONE_WRITE;
    private String head = "";

    WireClient(Wire wire) {
        this.wire = wire;
        this.in = wire.in();
        this.out = wire.out();
    }

    /** A TCP connection on which nothing was said yet. */
    public static WireClient tcp(int port) {
        return tcp(port, socket -> {});
    }

    /** A TCP connection from this address of the loopback's. */
    public static WireClient tcpFrom(String address, int port) {
        return tcp(port, socket -> {
            try {
                socket.bind(new InetSocketAddress(address, 0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A TCP connection to another host. */
    public static WireClient tcpTo(String host, int port) {
        return tcp(new InetSocketAddress(host, port), socket -> {});
    }

    static WireClient tcp(int port, Consumer<Socket> beforeConnect) {
        return tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), beforeConnect);
    }

    private static WireClient tcp(InetSocketAddress server, Consumer<Socket> beforeConnect) {
        try {
            return new WireClient(SocketWire.connect(server, beforeConnect));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A TLS connection on which nothing was said yet, after its handshake. */
    public static WireClient tls(int port, SSLContext context, String... protocols) {
        return tcp(port).startTls(context, protocols);
    }

    /** A connection on which TLS begins now. */
    public WireClient startTls(SSLContext context, String... protocols) {
        try {
            return new WireClient(socket().tls(context, protocols));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection on which HTTP/2 begins now, in clear text with prior knowledge. The client is one stream of it. */
    public WireClient startHttp2() {
        return Http2Connection.over(socket()).only();
    }

    /** A connection on which TLS begins now, with HTTP/2 in it. The client is one stream of it. */
    public WireClient startHttp2(SSLContext context) {
        try {
            return Http2Connection.over(socket().tlsForHttp2(context)).only();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SocketWire socket() {
        return (SocketWire) wire;
    }

    /** A WebSocket, after its opening handshake. */
    public static WireClient open(int port) {
        return tcp(port).handshake();
    }

    /** A WebSocket whose client's kernel takes little in while the client does not read. */
    public static WireClient openWithReceiveBuffer(int port, int bytes) {
        return tcp(port, receiveBuffer(bytes)).handshake();
    }

    /** Sets the size of a socket's receive buffer. */
    static Consumer<Socket> receiveBuffer(int bytes) {
        return socket -> {
            try {
                socket.setReceiveBufferSize(bytes);
            } catch (SocketException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** A handshake as browsers send it. */
    public static String request(String... moreHeaders) {
        return "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n"
                + String.join(
                        "", Arrays.stream(moreHeaders).map(h -> h + "\r\n").toList()) + "\r\n";
    }

    /** Opens a WebSocket with these headers beside the usual ones. */
    public WireClient handshake(String... moreHeaders) {
        return requestUpgrade(moreHeaders).expectUpgrade();
    }

    /** Sends an opening handshake with these headers beside the usual ones, and does not wait for the response. */
    public WireClient requestUpgrade(String... moreHeaders) {
        return requestUpgradeAt("/ws", moreHeaders);
    }

    /** Opens a WebSocket with this target and with these headers beside the usual ones. */
    public WireClient handshakeAt(String target, String... moreHeaders) {
        return requestUpgradeAt(target, moreHeaders).expectUpgrade();
    }

    /** As {@link #requestUpgrade}, with this path and query. */
    public WireClient requestUpgradeAt(String target, String... moreHeaders) {
        try {
            wire.requestUpgradeAt(target, moreHeaders);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits so long for what is to come. */
    public WireClient patient(Duration patience) {
        try {
            wire.setPatience((int) patience.toMillis());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How what follows is cut. */
    public WireClient by(Delivery cut) {
        delivery = cut;
        return this;
    }

    // Sending.

    public WireClient send(WireFrame... frames) {
        var bytes = new ByteArrayOutputStream();
        List.of(frames).forEach(frame -> bytes.writeBytes(frame.bytes()));
        return send(bytes.toByteArray());
    }

    public WireClient send(String ascii) {
        return send(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    public WireClient send(byte[] bytes) {
        try {
            delivery.write(out, bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends on another thread: the server may wait for the caller to read before it takes everything. */
    public WireClient sendMeanwhile(WireFrame... frames) {
        Thread.startVirtualThread(() -> send(frames));
        return this;
    }

    /** Sends what may be refused halfway. */
    public WireClient sendInVain(byte[] bytes) {
        try {
            delivery.write(out, bytes);
        } catch (IOException refused) {
            // The server's answer is what counts.
        }
        return this;
    }

    /** Ends our side of the connection. */
    public WireClient shutdownOutput() {
        try {
            wire.endOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the TCP connection in good order. TLS and HTTP/2 send nothing before. */
    public void cut() {
        try {
            wire.cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends bytes that are not encrypted. */
    public WireClient sendBelowTls(byte[] bytes) {
        try {
            socket().sendBelowTls(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a reset. */
    public void reset() {
        try {
            wire.reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Receiving.

    /** The head of the HTTP answer. */
    public String readHead() {
        var bytes = new ByteArrayOutputStream();
        try {
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int octet = in.read();
                if (octet < 0) {
                    throw new EOFException("the server closed within: " + bytes.toString(StandardCharsets.ISO_8859_1));
                }
                bytes.write(octet);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        head = bytes.toString(StandardCharsets.ISO_8859_1);
        return head;
    }

    public WireClient expectUpgrade() {
        wire.requireAccepted(readHead());
        return this;
    }

    public WireClient expectStatus(int status) {
        assertThat(readHead()).matches("(?s)HTTP/(1\\.[01]|2) " + status + " .*");
        return this;
    }

    /** The body of the HTTP answer whose head was read last; it has a length. */
    public String readBody() {
        Matcher length = CONTENT_LENGTH.matcher(head);
        assertThat(length.find()).as(head).isTrue();
        try {
            return new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of the HTTP answer that was read last. */
    public String head() {
        return head;
    }

    public WireFrame read() {
        try {
            var data = new DataInputStream(in);
            int first = data.readUnsignedByte();
            int second = data.readUnsignedByte();
            assertThat(second & 0x80).as("a server never masks (RFC 6455 5.1)").isZero();
            int length = second == 126
                    ? data.readUnsignedShort()
                    : second == 127 ? Math.toIntExact(data.readLong()) : second;
            assertThat(length).as("the shortest form").isGreaterThan(second == 127 ? 0xFFFF : second == 126 ? 125 : -1);
            byte[] payload = new byte[length];
            data.readFully(payload);
            return WireFrame.frame(first & 0xF, payload)
                    .fin((first & 0x80) != 0)
                    .reserved(first >> 4 & 7);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public WireClient expect(WireFrame... frames) {
        for (WireFrame frame : frames) {
            assertThat(read()).isEqualTo(frame);
        }
        return this;
    }

    /** The next data message whole, whatever frames it comes in; its first frame must have this opcode. */
    public byte[] readMessage(int opcode) {
        var payload = new ByteArrayOutputStream();
        for (int expected = opcode; ; expected = WireFrame.CONTINUATION) {
            WireFrame frame = read();
            assertThat(frame.opcode()).isEqualTo(expected);
            payload.writeBytes(frame.payload());
            if (frame.fin()) {
                return payload.toByteArray();
            }
        }
    }

    /** A Close frame with this code, before which other frames may come, and the end of the TCP connection after it. */
    public WireClient expectFailure(int code) {
        WireFrame frame = read();
        while (frame.opcode() != WireFrame.CLOSE) {
            frame = read();
        }
        assertThat(frame.closeCode()).as(frame.toString()).isEqualTo(code);
        return expectEnd();
    }

    /** The server ends the TCP connection, and sends nothing more. */
    public WireClient expectEnd() {
        try {
            assertThat(in.read()).as("end of stream").isEqualTo(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** All bytes that come until the server ends the TCP connection. */
    public byte[] readToEnd() {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until the connection ends, in good order or with a reset. */
    public void awaitEnd() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException reset) {
            // An end as well.
        }
    }

    /** Nothing comes for so long. */
    public WireClient expectSilence(Duration time) {
        try {
            wire.setPatience((int) time.toMillis());
            int octet = in.read();
            throw new AssertionError("received " + octet);
        } catch (java.net.SocketTimeoutException silence) {
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            patience(PATIENCE_MILLIS);
        }
    }

    private void patience(int millis) {
        try {
            wire.setPatience(millis);
        } catch (IOException closed) {
            // Nothing will be read any more.
        }
    }

    /** Our port. */
    public int localPort() {
        return wire.localPort();
    }

    /** The bytes that come. */
    public InputStream in() {
        return in;
    }

    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
