package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A TCP connection that speaks HTTP/1.1, in clear text or in TLS. */
final class SocketWire implements Wire {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket tcp;
    /** The same as {@link #tcp} unless there is TLS. */
    private final Socket socket;

    private final InputStream in;
    private final OutputStream out;

    private SocketWire(Socket socket, Socket tcp) throws IOException {
        this.socket = socket;
        this.tcp = tcp;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = socket.getOutputStream();
    }

    static SocketWire clear(Socket tcp) throws IOException {
        return new SocketWire(tcp, tcp);
    }

    /** Opens a TCP connection. */
    static SocketWire connect(InetSocketAddress server, Consumer<Socket> beforeConnect) throws IOException {
        var socket = new Socket();
        beforeConnect.accept(socket);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(server, PATIENCE_MILLIS);
        return clear(socket);
    }

    /** The same connection after a TLS handshake, which happens now. */
    SocketWire tls(SSLContext context, String... protocols) throws IOException {
        SSLSocket layered = layer(context);
        if (protocols.length > 0) {
            layered.setEnabledProtocols(protocols);
        }
        layered.startHandshake();
        return new SocketWire(layered, tcp);
    }

    /** The same connection after a TLS handshake that negotiates HTTP/2, which happens now. */
    SocketWire tlsForHttp2(SSLContext context) throws IOException {
        SSLSocket layered = layer(context);
        var parameters = layered.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        layered.setSSLParameters(parameters);
        layered.startHandshake();
        assertThat(layered.getApplicationProtocol())
                .as("the negotiated protocol")
                .isEqualTo("h2");
        return new SocketWire(layered, tcp);
    }

    private SSLSocket layer(SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(tcp, "localhost", tcp.getPort(), true);
    }

    boolean isEncrypted() {
        return socket instanceof SSLSocket;
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public void requestUpgradeAt(String target, String... headers) throws IOException {
        out.write(WireClient.request(headers)
                .replace("GET /ws ", "GET " + target + " ")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void requireAccepted(String head) {
        assertThat(head).startsWith("HTTP/1.1 101 ").containsIgnoringCase("sec-websocket-accept: " + WireClient.ACCEPT);
    }

    @Override
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void reset() throws IOException {
        tcp.setSoLinger(true, 0);
        tcp.close();
    }

    @Override
    public void cut() throws IOException {
        tcp.close();
    }

    /** Sends bytes that are not encrypted. */
    void sendBelowTls(byte[] bytes) throws IOException {
        tcp.getOutputStream().write(bytes);
    }

    @Override
    public void setPatience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    @Override
    public int localPort() {
        return tcp.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
