package dev.resound.test;

/**
 * A program: a client, over HTTP/1.1 or over HTTP/2 in clear text, that answers pings and does nothing else. It prints {@code open}; the time, in milliseconds, at which it
 * was about to answer each ping; and the code with which it was closed.
 */
public final class FaithfulClient {

    private FaithfulClient() {}

    /** @param arguments host, port, and {@code 1.1} or {@code 2} */
    public static void main(String[] arguments) {
        WireClient tcp = WireClient.tcpTo(arguments[0], Integer.parseInt(arguments[1]));
        try (var client = (arguments[2].equals("2") ? tcp.startHttp2() : tcp).handshake()) {
            System.out.println("open");
            WireFrame frame = client.read();
            for (; frame.opcode() == WireFrame.PING; frame = client.read()) {
                System.out.println("pong " + System.currentTimeMillis());
                // In vain where the server has closed already: then its Close frame comes next.
                client.sendInVain(
                        WireFrame.frame(WireFrame.PONG, frame.payload()).bytes());
            }
            System.out.println("closed " + frame.closeCode());
        }
    }
}
