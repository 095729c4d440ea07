package dev.resound.test;

import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;

/**
 * What carries WebSockets in production. The tests of {@link OnEveryTransport} run on each of them.
 *
 * <p>A test fails where a transport is not available. {@code -Dresound.test.missing-transports=io_uring,epoll} says that these may be
 * missing on this machine; then their tests are skipped.
 */
public enum TestTransport {
    IO_URING(TransportChoice.IO_URING, false, false),
    EPOLL(TransportChoice.EPOLL, false, false),
    NIO(TransportChoice.NIO, false, false),
    /** TLS on the transport that the service chooses by itself. */
    TLS(TransportChoice.AUTO, true, false),
    /** A stream of HTTP/2 over TLS. Each client has a connection of its own, unless a test shares one. */
    HTTP2(TransportChoice.AUTO, true, true),
    /** A stream of HTTP/2 in clear text, with prior knowledge. Only the tests of HTTP/2 itself run on it. */
    H2C(TransportChoice.AUTO, false, true),
    /** No transport at all: clients are connected to the connection core, without sockets and without a handshake. */
    CORE(TransportChoice.NIO, false, false);

    private static final List<String> MAY_BE_MISSING =
            List.of(System.getProperty("resound.test.missing-transports", "").split(","));

    private final TransportChoice choice;
    private final boolean encrypted;
    private final boolean http2;

    TestTransport(TransportChoice choice, boolean encrypted, boolean http2) {
        this.choice = choice;
        this.encrypted = encrypted;
        this.http2 = http2;
    }

    /** Whether it is TLS. */
    public boolean isEncrypted() {
        return encrypted;
    }

    /** Whether a client is a stream of HTTP/2. */
    public boolean isHttp2() {
        return http2;
    }

    /** What a server on it runs on. */
    public Transport vertxTransport() {
        try {
            return Transports.select(choice);
        } catch (RuntimeException absent) {
            Assumptions.assumeFalse(
                    MAY_BE_MISSING.contains(name().toLowerCase(Locale.ROOT)), String.valueOf(absent.getMessage()));
            throw absent;
        }
    }

    /** The certificate of the servers with TLS; one for all tests, as it takes a second to make. */
    public static TestCertificate certificate() {
        return Certificate.SHARED;
    }

    private static final class Certificate {
        static final TestCertificate SHARED = make();

        private static TestCertificate make() {
            try {
                Path directory = Files.createTempDirectory("resound-tls");
                directory.toFile().deleteOnExit();
                TestCertificate made = TestCertificate.ec(directory, "localhost");
                made.certificateFile().toFile().deleteOnExit();
                made.keyFile().toFile().deleteOnExit();
                return made;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Connects to a server on it; nothing is sent yet, except for the beginning of TLS and HTTP/2. */
    public WireClient connect(int port) {
        return begin(WireClient.tcp(port));
    }

    /** A WebSocket client that lets the server send only so much while the test does not read. */
    WireClient openWithReceiveBuffer(int port, int bytes) {
        return http2
                ? Http2Connection.open(this, port, bytes).only().handshake()
                : begin(WireClient.tcp(port, WireClient.receiveBuffer(bytes))).handshake();
    }

    /** Begins TLS and HTTP/2, where it has them, on a TCP connection. */
    public WireClient begin(WireClient tcp) {
        if (http2) {
            return encrypted ? tcp.startHttp2(certificate().client()) : tcp.startHttp2();
        }
        return encrypted ? tcp.startTls(certificate().client()) : tcp;
    }
}
