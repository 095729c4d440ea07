package dev.resound.test;

import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/**
 * What carries WebSockets in production. The tests of {@link OnEveryTransport} run on each of them.
 *
 * <p>A test fails where a transport is not available. {@code -Dresound.test.missing-transports=io_uring,epoll} says that these may be
 * missing on this machine; then their tests are skipped.
 */
public enum TestTransport {
    IO_URING(TransportChoice.IO_URING, false),
    EPOLL(TransportChoice.EPOLL, false),
    NIO(TransportChoice.NIO, false),
    /** TLS on the transport that the service chooses by itself. */
    TLS(TransportChoice.AUTO, true),
    /** No transport at all: clients are connected to the connection core, without sockets and without a handshake. */
    CORE(TransportChoice.NIO, false);

    private static final List<String> MAY_BE_MISSING =
            List.of(System.getProperty("resound.test.missing-transports", "").split(","));

    private final TransportChoice choice;
    private final boolean encrypted;

    TestTransport(TransportChoice choice, boolean encrypted) {
        this.choice = choice;
        this.encrypted = encrypted;
    }

    /** Whether it is TLS. */
    public boolean isEncrypted() {
        return encrypted;
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

    /** The certificate of the servers on {@link #TLS}; one for all tests, as it takes a second to make. */
    static TestCertificate certificate() {
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

    /**
     * Connects to a server on it; nothing is sent yet, except for a TLS handshake.
     *
     * @param beforeConnect sets options of the client's socket
     */
    WireClient connect(int port, Consumer<Socket> beforeConnect) {
        return secure(WireClient.tcp(port, beforeConnect));
    }

    /** Connects to a server on it; nothing is sent yet, except for a TLS handshake. */
    public WireClient connect(int port) {
        return connect(port, socket -> {});
    }

    /** A TCP connection after the TLS handshake, where there is one. */
    public WireClient secure(WireClient tcp) {
        return encrypted ? tcp.startTls(certificate().client()) : tcp;
    }
}
