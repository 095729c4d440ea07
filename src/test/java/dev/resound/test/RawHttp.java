package dev.resound.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** An HTTP client that sends what it is told, as a polite one cannot ask for what is wrong. */
public final class RawHttp implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int END = -1;

    private final Socket socket;
    private final InputStream input;

    public RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        input = socket.getInputStream();
    }

    /**
     * An answer.
     *
     * @param headers by their lower-case names
     */
    public record Answer(int status, Map<String, String> headers, String body) {

        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** One request on a connection of its own, without a body. */
    public static Answer exchange(int port, String requestLine, String... headers) throws IOException {
        try (var http = new RawHttp(port)) {
            return http.request(requestLine, headers);
        }
    }

    public Answer request(String requestLine, String... headers) throws IOException {
        send(requestLine + "\r\nHost: localhost\r\n" + lines(headers) + "\r\n");
        return read(requestLine.startsWith("HEAD "));
    }

    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Answer read() throws IOException {
        return read(false);
    }

    private Answer read(boolean headOnly) throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            String[] parts = line.split(": ", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
        }
        int length = headOnly ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Answer(status, headers, new String(input.readNBytes(length), StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = input.read(); b != '\n'; b = input.read()) {
            if (b == END) {
                throw new IOException("the server closed in the middle of a line");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** Waits until the server has closed. */
    public boolean isAtEnd() throws IOException {
        try {
            return input.read() == END;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Waits for a while whether anything comes or the connection ends. */
    public boolean staysSilentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            input.read();
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }
}
