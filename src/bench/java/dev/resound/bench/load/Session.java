package dev.resound.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A TCP connection and the WebSockets on it: one with HTTP/1.1, one or several with HTTP/2. */
interface Session {

    List<Connection> connections();

    /** Goes on writing: the socket takes more. */
    void onWritable() throws IOException;

    /** Reads what has arrived and hands it to the WebSockets. */
    void onReadable(ByteBuffer buffer, EchoListener listener) throws IOException;

    /** Messages on their way. */
    default int outstanding() {
        return connections().stream().mapToInt(Connection::outstanding).sum();
    }

    boolean isOpen();

    void close() throws IOException;

    /** Counts echoes. */
    interface EchoListener {

        void onEchoes(Connection connection, int echoes) throws IOException;
    }
}
