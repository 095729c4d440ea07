package dev.resound.tls;

import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A TLS handshake of a server with a client that trusts everybody, without sockets. */
final class InMemoryHandshake {

    private static final int STEPS = 100;

    private final SSLEngine[] ends;
    private final ByteBuffer[] sent;

    private InMemoryHandshake(SSLEngine client, SSLEngine server) {
        ends = new SSLEngine[] {client, server};
        int size = 2 * client.getSession().getPacketBufferSize();
        sent = new ByteBuffer[] {ByteBuffer.allocate(size), ByteBuffer.allocate(size)};
    }

    /** @throws SSLException if it fails */
    static void with(ServerSSLOptions options, Vertx vertx) throws Exception {
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(
                options.getKeyCertOptions().getKeyManagerFactory(vertx).getKeyManagers(), new TrustManager[0], null);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] {new Trusting()}, null);
        SSLEngine serving = server.createSSLEngine();
        serving.setUseClientMode(false);
        serving.setEnabledProtocols(options.getEnabledSecureTransportProtocols().toArray(String[]::new));
        serving.setEnabledCipherSuites(options.getEnabledCipherSuites().toArray(String[]::new));
        SSLEngine asking = client.createSSLEngine();
        asking.setUseClientMode(true);
        new InMemoryHandshake(asking, serving).run();
    }

    private void run() throws SSLException {
        for (SSLEngine end : ends) {
            end.beginHandshake();
        }
        for (int i = 0; i < STEPS && !isDone(); i++) {
            step(0);
            step(1);
        }
        if (!isDone()) {
            throw new SSLException("it does not end");
        }
    }

    private boolean isDone() {
        return ends[0].getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && ends[1].getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private void step(int who) throws SSLException {
        SSLEngine end = ends[who];
        ByteBuffer plain = ByteBuffer.allocate(end.getSession().getApplicationBufferSize());
        switch (end.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = end.getDelegatedTask(); task != null; task = end.getDelegatedTask()) {
                    task.run();
                }
            }
            case NEED_WRAP -> end.wrap(ByteBuffer.allocate(0), sent[who]);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
                ByteBuffer received = sent[1 - who].flip();
                end.unwrap(received, plain);
                received.compact();
            }
        }
    }

    private static final class Trusting extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
