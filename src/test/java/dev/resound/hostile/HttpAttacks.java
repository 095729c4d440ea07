package dev.resound.hostile;

import static dev.resound.hostile.Sockets.flood;
import static dev.resound.hostile.Sockets.readToEnd;
import static dev.resound.hostile.Sockets.repeated;
import static dev.resound.hostile.Sockets.reset;
import static dev.resound.hostile.Sockets.send;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.resound.test.WireClient;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Attacks on HTTP/1.1, before there is a WebSocket. */
final class HttpAttacks {

    private static final String START = "GET /ws HTTP/1.1\r\nHost: a\r\n";
    private static final String[] BROKEN = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "\r\n\r\n\r\n\u0016\u0003\u0001",
        "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(20_000) + "\r\n\r\n",
        "GET /%zz%00?%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    };

    /** Offers of extensions that are costly to parse for a pattern that backtracks or recurses. */
    private static final String[] EXTENSIONS = {
        "a;b=\"" + "x".repeat(7000) + "\"",
        "a;b=\"" + "\\x".repeat(3500),
        "a" + " ".repeat(7000) + "!",
        "a" + "\t".repeat(7000) + "=(",
        "a;".repeat(3500),
        ",".repeat(7000),
        "permessage-deflate;".repeat(350),
    };

    private static final String[] FORWARDED = {
        "1.2.3.4, ".repeat(700),
        ",".repeat(7000),
        "[".repeat(7000),
        "::1:".repeat(1500),
        "unknown, _hidden, \"[::1]:1\"",
    };

    private HttpAttacks() {}

    static List<Attack> all() {
        return List.of(
                Attack.of("heads of many tiny headers without an end", 4, 3, sockets -> {
                    for (int i = 0; i < 10; i++) {
                        send(sockets.http(), START + "a:\r\n".repeat(90));
                    }
                    Thread.sleep(2000);
                }),
                Attack.of("heads that drip", 2, 8, sockets -> {
                    Socket socket = sockets.http();
                    for (byte octet : WireClient.request().getBytes(US_ASCII)) {
                        send(socket, new byte[] {octet});
                        Thread.sleep(50);
                    }
                }),
                Attack.of("headers without an end", 4, 5, sockets -> {
                    Socket socket = sockets.http();
                    send(socket, START);
                    flood(socket, repeated("X-Header: some value or other\r\n".getBytes(US_ASCII), 1000));
                }),
                Attack.of("silent connections", 2, 4, sockets -> {
                    for (int i = 0; i < 250; i++) {
                        sockets.tcp();
                    }
                    Thread.sleep(3000);
                }),
                Attack.of("pipelined requests of a client that does not read", 2, 5, sockets -> {
                    byte[] requests = repeated("GET /style.css HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII), 500);
                    flood(sockets.http(), requests);
                }),
                Attack.of("the page, read slowly", 2, 5, sockets -> {
                    Socket socket = sockets.http();
                    send(socket, "GET /dashboard HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20));
                    while (socket.getInputStream().read() >= 0) {
                        Thread.sleep(20);
                    }
                }),
                Attack.of("bodies without an end", 3, 5, sockets -> {
                    Socket socket = sockets.http();
                    send(socket, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                    flood(socket, ("8000\r\n" + "x".repeat(0x8000) + "\r\n").getBytes(US_ASCII));
                }),
                Attack.of("bodies in chunks of one byte", 3, 5, sockets -> {
                    Socket socket = sockets.http();
                    send(socket, "POST /ws HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                    flood(socket, repeated("1;x=y\r\nx\r\n".getBytes(US_ASCII), 1000));
                }),
                eachInTurn("broken requests", 10, BROKEN),
                eachInTurn(
                        "extensions that are hard to parse", 4, handshakes("Sec-WebSocket-Extensions: ", EXTENSIONS)),
                eachInTurn("X-Forwarded-For of garbage", 4, handshakes("X-Forwarded-For: ", FORWARDED)),
                Attack.of("resets in each phase of a handshake", 4, 3, sockets -> {
                    String handshake = WireClient.request();
                    for (int i = 0; i < 20; i++) {
                        Socket socket = sockets.tcp();
                        send(socket, handshake.substring(0, i * handshake.length() / 19));
                        reset(socket);
                    }
                }),
                Attack.of("requests that end their side at once", 5, 3, sockets -> {
                    Socket socket = sockets.http();
                    send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHo");
                    socket.shutdownOutput();
                    readToEnd(socket);
                }),
                Attack.of("urgent data", 2, 3, sockets -> {
                    Socket socket = sockets.tcp();
                    for (int i = 0; i < 100; i++) {
                        socket.sendUrgentData(i);
                    }
                    readToEnd(socket);
                }));
    }

    private static String[] handshakes(String header, String... values) {
        String[] requests = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            // A key that is not valid: this must not make WebSockets, whose lines in the log are two.
            requests[i] = WireClient.request(header + values[i]).replace(WireClient.KEY, "none");
        }
        return requests;
    }

    private static Attack eachInTurn(String name, double perSecond, String... requests) {
        var turn = new AtomicInteger();
        return Attack.of(name, perSecond, 3, sockets -> {
            Socket socket = sockets.http();
            send(socket, requests[turn.getAndIncrement() % requests.length]);
            socket.shutdownOutput();
            readToEnd(socket);
        });
    }
}
