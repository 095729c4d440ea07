package dev.resound.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A client that connects, sends messages, closes, and comes again. It uses a plain socket, so that most of the time is the service's.
 *
 * @param end the {@link System#nanoTime} of the end of its visits
 */
record Visitor(int port, long end) implements Callable<Integer> {

    private static final int MESSAGES = 4;

    private static final byte[] REQUEST = """
            GET /ws HTTP/1.1\r
            Host: localhost\r
            Origin: http://localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r
            """.getBytes(StandardCharsets.US_ASCII);

    /** "Hello" as a text message; the mask is 0. */
    private static final byte[] HELLO = {(byte) 0x81, (byte) 0x85, 0, 0, 0, 0, 'H', 'e', 'l', 'l', 'o'};

    private static final int ECHO_LENGTH = 7;

    private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xE8};

    /**
     * Lets this many clients visit at the same time.
     *
     * @throws IOException if a visit fails
     */
    static void come(int clients, int port, Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            List<Visitor> visitors = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                visitors.add(new Visitor(port, end));
            }
            for (Future<Integer> visits : threads.invokeAll(visitors)) {
                if (visits.get() == 0) {
                    throw new IOException("the service does not answer in the training");
                }
            }
        } catch (ExecutionException e) {
            throw new IOException("a client failed in the training", e);
        }
    }

    /** @return the number of visits */
    @Override
    public Integer call() throws IOException {
        int visits = 0;
        while (System.nanoTime() < end) {
            visit();
            visits++;
        }
        return visits;
    }

    private void visit() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            var input = new DataInputStream(socket.getInputStream());
            OutputStream output = socket.getOutputStream();
            output.write(REQUEST);
            skipHead(input);
            for (int i = 0; i < MESSAGES; i++) {
                output.write(HELLO);
                input.skipNBytes(ECHO_LENGTH);
            }
            output.write(CLOSE);
            input.readAllBytes();
        }
    }

    /** Up to the empty line. */
    private static void skipHead(DataInputStream input) throws IOException {
        int newlines = 0;
        while (newlines < 2) {
            int character = input.readUnsignedByte();
            if (character == '\n') {
                newlines++;
            } else if (character != '\r') {
                newlines = 0;
            }
        }
    }
}
