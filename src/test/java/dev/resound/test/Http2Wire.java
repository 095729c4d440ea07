package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A stream of an HTTP/2 connection (RFC 8441). Each further handshake takes a new stream of the same connection. */
final class Http2Wire implements Wire {

    private final Http2Connection connection;
    private final boolean alone;
    private volatile int patience = Http2Connection.PATIENCE_MILLIS;
    private volatile Http2Connection.@Nullable Stream stream;

    /** @param alone whether the connection ends with this stream */
    Http2Wire(Http2Connection connection, boolean alone) {
        this.connection = connection;
        this.alone = alone;
    }

    /** A stream that was opened already. */
    Http2Wire(Http2Connection connection, Http2Connection.Stream opened) {
        this(connection, false);
        stream = opened;
    }

    private Http2Connection.Stream stream() throws IOException {
        Http2Connection.Stream opened = stream;
        if (opened == null) {
            throw new IOException("no stream was opened");
        }
        return opened;
    }

    private final InputStream in = new InputStream() {
        @Override
        public int read() throws IOException {
            return stream().in().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return stream().in().read(target, offset, length);
        }
    };

    private final OutputStream out = new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
            stream().out().write(octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            stream().out().write(bytes, offset, length);
        }
    };

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
        Http2Connection.Stream opened = connection.requestWebSocketAt(target, headers);
        opened.setPatience(patience);
        stream = opened;
    }

    /** RFC 8441 section 5: any 2xx would do, and there is neither a key nor what HTTP/1.1 needs for an upgrade. */
    @Override
    public void requireAccepted(String head) {
        assertThat(head)
                .startsWith("HTTP/2 200 ")
                .doesNotContain("\r\nsec-websocket-accept:", "\r\nupgrade:", "\r\nconnection:", "\r\ncontent-length:");
    }

    @Override
    public void endOutput() throws IOException {
        stream().endOutput();
    }

    @Override
    public void reset() throws IOException {
        stream().reset();
    }

    @Override
    public void cut() throws IOException {
        connection.cut();
    }

    @Override
    public void setPatience(int millis) {
        patience = millis;
        Http2Connection.Stream opened = stream;
        if (opened != null) {
            opened.setPatience(millis);
        }
    }

    @Override
    public int localPort() {
        return connection.localPort();
    }

    @Override
    public void close() throws IOException {
        Http2Connection.Stream opened = stream;
        try {
            if (opened != null) {
                opened.close();
            }
        } finally {
            if (alone) {
                connection.close();
            }
        }
    }
}
