package dev.resound.hostile;

import static dev.resound.hostile.Sockets.flood;
import static dev.resound.hostile.Sockets.random;
import static dev.resound.hostile.Sockets.readToEnd;
import static dev.resound.hostile.Sockets.repeated;
import static dev.resound.hostile.Sockets.reset;
import static dev.resound.hostile.Sockets.send;
import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.PONG;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.text;

import dev.resound.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;

/**
 * Attacks by clients that have a WebSocket. None of them ends with a closing handshake, so that those of well-behaved clients can be told
 * from them.
 */
final class FrameAttacks {

    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final int COMPRESSED = 4;
    private static final byte[] NOTHING = new byte[0];

    /** Each breaks a rule of RFC 6455 section 5 or 7. */
    private static final List<byte[]> INVALID = List.of(
            text("no mask").unmasked().bytes(),
            frame(3, NOTHING).bytes(),
            frame(0xF, NOTHING).bytes(),
            text("reserved").reserved(2).bytes(),
            text("reserved").reserved(7).bytes(),
            continuation("of nothing").bytes(),
            frame(PING, NOTHING).unfinished().bytes(),
            frame(PING, new byte[126]).bytes(),
            text("long").lengthIn(64).bytes(),
            text("long").lengthIn(16).bytes(),
            binary(NOTHING).lengthIn(64).header(-1),
            binary(NOTHING).lengthIn(64).header(1L << 40),
            text(new byte[] {(byte) 0xC0, (byte) 0x80}).bytes(),
            text(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}).bytes(),
            WireFrame.close(1005).bytes(),
            WireFrame.close(999).bytes(),
            frame(WireFrame.CLOSE, new byte[1]).bytes(),
            join(text("one").unfinished().bytes(), text("two").bytes()),
            frame(WireFrame.CLOSE, new byte[] {3, (byte) 0xE8, (byte) 0xFF}).bytes());

    private FrameAttacks() {}

    static List<Attack> all() {
        return List.of(
                stalled(
                        "pings of clients that do not read",
                        repeated(frame(PING, new byte[125]).bytes(), 500)),
                stalled(
                        "big messages of clients that do not read",
                        binary(new byte[60_000]).bytes()),
                // The echo is a small part of what was read with it.
                stalled(
                        "small messages among pongs, of clients that do not read",
                        join(
                                binary(new byte[4200]).bytes(),
                                repeated(frame(PONG, new byte[125]).bytes(), 450))),
                Attack.of("readers of one byte at a time", 1, 5, sockets -> {
                    Socket socket = sockets.webSocket();
                    send(socket, binary(new byte[100_000]).bytes());
                    while (socket.getInputStream().read() >= 0) {
                        Thread.sleep(10);
                    }
                }),
                Attack.of("bombs of zeros", 1, 4, sockets -> {
                    Socket socket = sockets.webSocket(DEFLATE);
                    byte[] bomb = binary(deflated(new byte[15 << 20]))
                            .reserved(COMPRESSED)
                            .bytes();
                    send(socket, bomb);
                    readToEnd(socket);
                }),
                Attack.of("bombs of zeros of clients that do not read", 1, 4, sockets -> {
                    byte[] bomb = binary(deflated(new byte[4 << 20]))
                            .reserved(COMPRESSED)
                            .bytes();
                    flood(sockets.webSocket(DEFLATE), bomb);
                }),
                Attack.of("compressed garbage", 2, 3, sockets -> {
                    Socket socket = sockets.webSocket(DEFLATE);
                    send(socket, text(random(5000)).reserved(COMPRESSED).bytes());
                    readToEnd(socket);
                }),
                read(
                        "a message without an end",
                        binary(new byte[30_000]).unfinished().bytes(),
                        continuation(new byte[30_000]).unfinished().bytes()),
                read(
                        "fragments of one byte",
                        binary(new byte[1]).unfinished().bytes(),
                        repeated(continuation(new byte[1]).unfinished().bytes(), 1000)),
                read(
                        "empty fragments",
                        text(NOTHING).unfinished().bytes(),
                        repeated(continuation(NOTHING).unfinished().bytes(), 1000)),
                read("empty messages", NOTHING, repeated(text(NOTHING).bytes(), 1000)),
                read(
                        "pongs that nobody asked for",
                        NOTHING,
                        repeated(frame(PONG, NOTHING).bytes(), 1000)),
                invalid(),
                Attack.of("frames that stop in the middle", 2, 5, sockets -> {
                    Socket socket = sockets.webSocket();
                    send(socket, binary(NOTHING).header(1 << 20));
                    send(socket, new byte[5000]);
                    readToEnd(socket);
                }),
                Attack.of("resets in the middle of a frame", 4, 3, sockets -> {
                    Socket socket = sockets.webSocket();
                    send(socket, binary(new byte[3000]).bytes());
                    send(socket, binary(NOTHING).header(100));
                    reset(socket);
                }),
                Attack.of("clients that end their side and do not read", 1, 4, sockets -> {
                    Socket socket = sockets.webSocket();
                    send(socket, binary(new byte[200_000]).bytes());
                    socket.shutdownOutput();
                    Thread.sleep(3000);
                }),
                Attack.of("dashboards that do not read", 2, 5, sockets -> {
                    sockets.webSocket("Sec-WebSocket-Protocol: resound.telemetry.v1");
                    Thread.sleep(4000);
                }));
    }

    /** Floods, and reads nothing. */
    private static Attack stalled(String name, byte[] flood) {
        return Attack.of(name, 3, 5, sockets -> flood(sockets.webSocket(), flood));
    }

    /** Sends without an end, and throws away what comes back. Slowly, as the echoes cost this process as much as the other one. */
    private static Attack read(String name, byte[] first, byte[] again) {
        return Attack.of(name, 0.5, 3, sockets -> {
            Socket socket = sockets.webSocket();
            Thread.ofVirtual().start(() -> {
                try {
                    readToEnd(socket);
                } catch (IOException ended) {
                    // With the round.
                }
            });
            send(socket, first);
            while (true) {
                send(socket, again);
                Thread.sleep(20);
            }
        });
    }

    private static Attack invalid() {
        var turn = new AtomicInteger();
        return Attack.of("frames that break a rule", 8, 3, sockets -> {
            Socket socket = sockets.webSocket();
            send(socket, INVALID.get(turn.getAndIncrement() % INVALID.size()));
            readToEnd(socket);
        });
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] deflated(byte[] bytes) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(bytes);
        var out = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        int count;
        do {
            count = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
            out.write(piece, 0, count);
        } while (count == piece.length);
        deflater.end();
        byte[] all = out.toByteArray();
        return Arrays.copyOf(all, all.length - 4); // Without the empty block (RFC 7692 7.2.1).
    }
}
