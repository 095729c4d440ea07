package dev.resound.hostile;

import static dev.resound.hostile.Sockets.flood;
import static dev.resound.hostile.Sockets.random;
import static dev.resound.hostile.Sockets.readToEnd;
import static dev.resound.hostile.Sockets.repeated;
import static dev.resound.hostile.Sockets.send;

import dev.resound.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** Attacks on TLS. */
final class TlsAttacks {

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final byte[] WARNING = {1, 90};
    private static final int CLIENT_HELLO = 1;
    /** At a time; each costs both sides some ten microseconds. */
    private static final int KEY_UPDATES = 100;

    private static final int LARGEST_RECORD = 16 * 1024;

    private TlsAttacks() {}

    static List<Attack> all() {
        return List.of(
                Attack.of("half a ClientHello", 4, 4, sockets -> {
                    for (int i = 0; i < 20; i++) {
                        send(sockets.tcp(), record(HANDSHAKE, handshake(500, random(300))));
                    }
                    Thread.sleep(3000);
                }),
                Attack.of("a ClientHello of megabytes", 2, 4, sockets -> {
                    Socket socket = sockets.tcp();
                    send(socket, record(HANDSHAKE, handshake(0xFFFFFF, random(LARGEST_RECORD - 4))));
                    flood(socket, record(HANDSHAKE, random(LARGEST_RECORD)));
                }),
                Attack.of("a ClientHello in records of one byte", 2, 4, sockets -> {
                    Socket socket = sockets.tcp();
                    var records = new ByteArrayOutputStream();
                    for (byte octet : handshake(30_000, new byte[30_000])) {
                        records.writeBytes(record(HANDSHAKE, new byte[] {octet}));
                    }
                    send(socket, records.toByteArray());
                    readToEnd(socket);
                }),
                Attack.of("warnings in front of a handshake", 2, 3, sockets -> {
                    flood(sockets.tcp(), repeated(record(ALERT, WARNING), 1000));
                }),
                Attack.of("changes of the cipher in front of a handshake", 2, 3, sockets -> {
                    flood(sockets.tcp(), repeated(record(CHANGE_CIPHER_SPEC, new byte[] {1}), 1000));
                }),
                Attack.of("plain HTTP and other garbage", 4, 3, sockets -> {
                    send(sockets.tcp(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    Socket socket = sockets.tcp();
                    send(socket, random(1000));
                    readToEnd(socket);
                }),
                Attack.of("handshakes that nothing follows", 4, 3, sockets -> {
                    sockets.http();
                    Thread.sleep(2000);
                }),
                keyUpdates("KeyUpdates in front of a request", Sockets::http),
                keyUpdates("KeyUpdates of a WebSocket that does not read", Sockets::webSocket),
                Attack.of("records of one byte of a WebSocket that does not read", 1, 5, sockets -> {
                    Socket socket = sockets.webSocket();
                    byte[] frame = WireFrame.binary(new byte[20_000]).bytes();
                    while (true) {
                        for (byte octet : frame) {
                            socket.getOutputStream().write(octet);
                        }
                    }
                }),
                Attack.of("garbage instead of records", 2, 3, sockets -> {
                    Socket below = sockets.tcp();
                    Socket socket = sockets.secured(below, "http/1.1");
                    send(socket, "GET / HTTP/1.1\r\nHost: a\r\n");
                    send(below, record(23, random(100)));
                    readToEnd(below);
                }));
    }

    private interface Opening {
        Socket of(Sockets sockets) throws IOException;
    }

    /** Each one asks for another one (RFC 8446 4.6.3), which is never read. */
    private static Attack keyUpdates(String name, Opening opening) {
        return Attack.of(name, 1, 4, sockets -> {
            var socket = (SSLSocket) opening.of(sockets);
            while (true) {
                for (int i = 0; i < KEY_UPDATES; i++) {
                    socket.startHandshake();
                }
                Thread.sleep(20);
            }
        });
    }

    private static byte[] record(int type, byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) type)
                .putShort((short) 0x0301)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    /** A message of the handshake that announces so many bytes. */
    private static byte[] handshake(int length, byte[] content) {
        return ByteBuffer.allocate(4 + content.length)
                .putInt(CLIENT_HELLO << 24 | length)
                .put(content)
                .array();
    }
}
