package dev.resound.hostile;

import dev.resound.test.WireClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Opens the sockets of one round of an attack, and closes them all at its end. */
final class Sockets implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 5_000;

    /** So that a client that does not read soon has a server that cannot write. */
    private static final int SMALL_BUFFER = 4 * 1024;

    private static final Duration FLOOD_PAUSE = Duration.ofMillis(10);

    private final int port;
    private final Optional<SSLContext> tls;
    private final List<Socket> open = new ArrayList<>();
    private boolean closed;

    /** @param tls what the server's port speaks; empty for plain text */
    Sockets(int port, Optional<SSLContext> tls) {
        this.port = port;
        this.tls = tls;
    }

    /** A TCP connection from 127.0.0.1, below TLS. */
    Socket tcp() throws IOException {
        var socket = new Socket();
        keep(socket);
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        return socket;
    }

    /** A connection for HTTP/1.1, over TLS where the server wants it. */
    Socket http() throws IOException {
        Socket socket = tcp();
        return tls.isPresent() ? secured(socket, "http/1.1") : socket;
    }

    /** A connection for HTTP/2, over TLS where the server wants it. */
    Socket http2() throws IOException {
        Socket socket = tcp();
        return tls.isPresent() ? secured(socket, "h2") : socket;
    }

    /** A WebSocket. */
    Socket webSocket(String... moreHeaders) throws IOException {
        Socket socket = http();
        send(socket, WireClient.request(moreHeaders));
        InputStream in = socket.getInputStream();
        for (int newLines = 0; newLines < 2; ) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("refused");
            }
            newLines = octet == '\n' ? newLines + 1 : octet == '\r' ? newLines : 0;
        }
        return socket;
    }

    /** TLS on a TCP connection, after its handshake. */
    SSLSocket secured(Socket tcp, String protocol) throws IOException {
        var socket = (SSLSocket) tls.orElseThrow().getSocketFactory().createSocket(tcp, "localhost", port, true);
        keep(socket);
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private synchronized void keep(Socket socket) throws IOException {
        if (closed) {
            socket.close();
            throw new IOException("the round is over");
        }
        open.add(socket);
    }

    static void send(Socket socket, String ascii) throws IOException {
        send(socket, ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /**
     * Sends the same bytes again and again, and reads nothing, until the round is over or the server ends it. At a pace, as where the
     * server
     * takes all of it, the processors would be used up by both sides.
     */
    static void flood(Socket socket, byte[] bytes) throws IOException, InterruptedException {
        while (true) {
            send(socket, bytes);
            Thread.sleep(FLOOD_PAUSE);
        }
    }

    /** Reads what comes to its end. */
    static void readToEnd(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The same bytes so many times. */
    static byte[] repeated(byte[] bytes, int times) {
        byte[] all = new byte[bytes.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }

    static byte[] random(int bytes) {
        byte[] some = new byte[bytes];
        new SecureRandom().nextBytes(some);
        return some;
    }

    /** Resets all of them, whatever they are blocked on. */
    @Override
    public void close() {
        closeAll();
    }

    /** The same, for the clock that ends the round. */
    synchronized void closeAll() {
        closed = true;
        for (Socket socket : open) {
            try {
                if (!(socket instanceof SSLSocket)) { // Which would say goodbye first, and may block on that.
                    reset(socket);
                }
            } catch (IOException alreadyClosed) {
                // As it is to be.
            }
        }
        open.clear();
    }
}
