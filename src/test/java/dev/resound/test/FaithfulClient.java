package dev.resound.test;

/**
 * A program: a client that answers pings and does nothing else. It prints {@code open}; the time, in milliseconds, at which it
 * was about to answer each ping; and the code with which it was closed.
 */
public final class FaithfulClient {

    private FaithfulClient() {}

    /** @param arguments host and port */
    public static void main(String[] arguments) {
        try (var client =
                WireClient.tcpTo(arguments[0], Integer.parseInt(arguments[1])).handshake()) {
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
