package dev.resound;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Checks a running service from outside: opens a WebSocket, sends one message, waits for its echo, and closes. Uses blocking sockets, so
 * that nothing of the service has to start for it.
 *
 * @param target the service, with the scheme {@code ws} or {@code wss}
 * @param origin the {@code Origin} header to send; null sends none, as programs do
 * @param trust the PEM file of the certificates to trust; null trusts the authorities of the JVM
 */
record EchoCheck(
        URI target, @Nullable String origin, @Nullable Path trust) {

    /** The whole check takes no longer. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    /** RFC 6455 section 1.3. */
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}.*)");
    private static final int MOST_HEAD_BYTES = 16 * 1024;

    private static final int FIN = 0x80;
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int FIRST_CONTROL = 0x8;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;
    /** The most that fits in the 7-bit length; the message is shorter. */
    private static final int MOST_PAYLOAD = 125;

    private static final short NORMAL_CLOSURE = 1000;

    private static final SecureRandom random = new SecureRandom();

    /** Explains why a URL cannot be checked; empty if it can. RFC 6455 section 3. */
    static Optional<String> obstacle(URI target) {
        String scheme = target.getScheme();
        if (!"ws".equalsIgnoreCase(scheme) && !"wss".equalsIgnoreCase(scheme)) {
            return Optional.of("must start with ws:// or wss://");
        }
        if (target.getHost() == null) {
            return Optional.of("must name a host");
        }
        if (target.getRawFragment() != null || target.getRawUserInfo() != null) {
            return Optional.of("must have no user and no fragment");
        }
        return Optional.empty();
    }

    /**
     * Runs the check.
     *
     * @return one line about the echo
     * @throws IOException if there was no echo; the message is one line that says why
     */
    String run() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        try (Socket socket = connect(end)) {
            InputStream in = new BufferedInputStream(new Timed(socket, end));
            shakeHands(in, socket.getOutputStream());
            return target + ": " + roundTrip(new DataInputStream(in), socket.getOutputStream());
        } catch (SocketTimeoutException e) {
            throw new IOException(target + ": no answer within 10 s", e);
        } catch (NoSuchFileException e) {
            throw new IOException(target + ": no file " + e.getMessage(), e);
        } catch (UnknownHostException e) {
            throw new IOException(target + ": unknown host", e);
        } catch (EOFException e) {
            throw new IOException(target + ": the service closed the connection without an answer", e);
        } catch (IOException e) {
            throw new IOException(target + ": " + e.getMessage(), e);
        }
    }

    private boolean secure() {
        return "wss".equalsIgnoreCase(target.getScheme());
    }

    private Socket connect(long end) throws IOException {
        SSLSocketFactory encryption = secure() ? encryption() : null;
        int port = target.getPort() >= 0 ? target.getPort() : secure() ? 443 : 80;
        var address = new InetSocketAddress(target.getHost(), port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(target.getHost());
        }
        var socket = new Socket();
        try {
            socket.connect(address, remainingMillis(end));
            socket.setTcpNoDelay(true);
            return encryption == null ? socket : encrypt(encryption, socket, end);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private SSLSocketFactory encryption() throws IOException {
        return trust == null
                ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                : TrustedCertificates.read(trust).socketFactory();
    }

    private Socket encrypt(SSLSocketFactory encryption, Socket socket, long end) throws IOException {
        var encrypted = (SSLSocket) encryption.createSocket(socket, target.getHost(), socket.getPort(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        encrypted.setSoTimeout(remainingMillis(end));
        encrypted.startHandshake();
        return encrypted;
    }

    private void shakeHands(InputStream in, OutputStream out) throws IOException {
        String key = Base64.getEncoder().encodeToString(bytes(16));
        String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        String host = target.getHost() + (target.getPort() >= 0 ? ":" + target.getPort() : "");
        String request = "GET " + path + query + " HTTP/1.1\r\n"
                + "Host: " + host + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key: " + key + "\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + (origin == null ? "" : "Origin: " + origin + "\r\n")
                + "\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        String[] head = readHead(in).split("\r\n", -1);
        var status = STATUS_LINE.matcher(head[0]);
        if (!status.matches()) {
            throw new IOException("this is not an HTTP/1.1 service");
        }
        if (!status.group(1).startsWith("101")) {
            throw new IOException("refused with " + status.group(1));
        }
        if (!accept(key).equals(fields(head).get("sec-websocket-accept"))) {
            throw new IOException("Sec-WebSocket-Accept is missing or wrong");
        }
    }

    private static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException();
            }
            if (head.length() == MOST_HEAD_BYTES) {
                throw new IOException("the head of the response is larger than 16 KiB");
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    private static Map<String, String> fields(String[] head) {
        Map<String, String> fields = new HashMap<>();
        for (String line : head) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String roundTrip(DataInputStream in, OutputStream out) throws IOException {
        byte[] message = ("resound check " + HexFormat.of().formatHex(bytes(8))).getBytes(StandardCharsets.US_ASCII);
        long sent = System.nanoTime();
        send(out, TEXT, message);
        Frame echo = readMessage(in);
        long micros = (System.nanoTime() - sent) / 1000;
        if (echo.opcode() == CLOSE) {
            throw new IOException("closed with " + echo.closeCode() + " before the echo");
        }
        if (echo.opcode() != TEXT || !echo.payload().equals(ByteBuffer.wrap(message))) {
            throw new IOException("the echo differs from the message that was sent");
        }
        send(out, CLOSE, ByteBuffer.allocate(2).putShort(NORMAL_CLOSURE).array());
        Frame close = readMessage(in);
        if (close.opcode() != CLOSE || close.closeCode() != NORMAL_CLOSURE) {
            throw new IOException("Close 1000 was not answered with Close 1000");
        }
        return "echo after " + micros / 1000 + "." + micros % 1000 / 100 + " ms";
    }

    /** A message or a Close frame; its payload is at most 125 bytes long. */
    private record Frame(int opcode, ByteBuffer payload) {

        /** 1005 if there is none, as in RFC 6455 section 7.1.5. */
        int closeCode() {
            return payload.remaining() < 2 ? 1005 : payload.getShort(0) & 0xFFFF;
        }
    }

    private static void send(OutputStream out, int opcode, byte[] payload) throws IOException {
        byte[] mask = bytes(MASK_BYTES);
        ByteBuffer frame = ByteBuffer.allocate(2 + MASK_BYTES + payload.length)
                .put((byte) (FIN | opcode))
                .put((byte) (MASKED | payload.length))
                .put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % MASK_BYTES]));
        }
        out.write(frame.array());
    }

    /** Reads the next message, whose frames a proxy may have divided, or Close. Skips pings: the check ends before they matter. */
    private static Frame readMessage(DataInputStream in) throws IOException {
        int opcode = 0;
        ByteBuffer message = ByteBuffer.allocate(MOST_PAYLOAD);
        while (true) {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if (length > message.remaining()) {
                throw new IOException("the echo is longer than the message that was sent");
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            int kind = first & 0xF;
            if (kind == CLOSE) {
                return new Frame(CLOSE, ByteBuffer.wrap(payload));
            }
            if (kind < FIRST_CONTROL) {
                opcode |= kind;
                message.put(payload);
                if ((first & FIN) != 0) {
                    return new Frame(opcode, message.flip());
                }
            }
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static int remainingMillis(long end) throws SocketTimeoutException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) millis;
    }

    /** Reads from a socket until a fixed time, however slowly the bytes arrive. */
    private static final class Timed extends InputStream {

        private final Socket socket;
        private final InputStream in;
        private final long end;

        Timed(Socket socket, long end) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            socket.setSoTimeout(remainingMillis(end));
            return in.read(bytes, offset, length);
        }
    }
}
