package dev.resound.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Carries the frames of a {@link WireClient}: an HTTP/1.1 connection after its upgrade, in clear text or in TLS, or a stream of an HTTP/2
 * connection (RFC 8441).
 */
interface Wire extends AutoCloseable {

    /** The bytes that the server sends. */
    InputStream in();

    /** Bytes for the server. */
    OutputStream out();

    /**
     * Asks for a WebSocket.
     *
     * @param target the path and the query
     * @param headers beside those that every handshake has, in the form {@code Name: value}
     */
    void requestUpgradeAt(String target, String... headers) throws IOException;

    /** Fails unless this response accepts the WebSocket. */
    void requireAccepted(String head);

    /** Tells the server that nothing more is sent; it can still send. */
    void endOutput() throws IOException;

    /** Tears the connection or the stream down; the peer sees an error. */
    void reset() throws IOException;

    /** Closes the TCP connection. TLS and HTTP/2 send nothing before. */
    void cut() throws IOException;

    /** How long a read waits at most. */
    void setPatience(int millis) throws IOException;

    /** The client's port. */
    int localPort();

    @Override
    void close() throws IOException;
}
