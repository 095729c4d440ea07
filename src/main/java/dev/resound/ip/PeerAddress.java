package dev.resound.ip;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection.
 *
 * @param port of TCP
 */
public record PeerAddress(IpAddress ip, int port) {

    /**
     * The source that a PROXY header names. Without such a header, and for one without an IP address (UNKNOWN, LOCAL, AF_UNIX), the
     * other end of the TCP connection.
     *
     * @return empty if the peer is gone and its address with it
     */
    public static Optional<PeerAddress> of(HttpConnection connection) {
        return of(connection.remoteAddress()).or(() -> of(connection.remoteAddress(true)));
    }

    private static Optional<PeerAddress> of(@Nullable SocketAddress socket) {
        return IpAddress.of(socket).map(ip -> new PeerAddress(ip, socket == null ? 0 : socket.port()));
    }

    /** As {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
    @Override
    public String toString() {
        return ip.withPort(port);
    }
}
