package dev.resound.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * What carries the frames of a {@link WireClient}: an HTTP/1.1 connection after its upgrade, in clear text or in TLS. A stream of HTTP/2
 * (RFC 8441) can be another one: it has another handshake, and other ways to end the output and to reset.
 */
interface Wire extends AutoCloseable {

    /** The bytes that the server sends. */
    InputStream in();

    /** Bytes for the server. */
    OutputStream out();

    /**
     * Asks for a WebSocket.
     *
     * @param headers beside those that every handshake has, in the form {@code Name: value}
     */
    void requestUpgrade(String... headers) throws IOException;

    /** Fails unless this response accepts the WebSocket. */
    void requireAccepted(String head);

    /** Tells the server that nothing more is sent; it can still send. */
    void endOutput() throws IOException;

    /** Tears the connection down; the peer sees an error. */
    void reset() throws IOException;

    /** How long a read waits at most. */
    void setPatience(int millis) throws IOException;

    /** The client's port. */
    int localPort();

    @Override
    void close() throws IOException;
}
