package dev.resound.test;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for programs that cannot take one and say which. */
public final class FreePort {

    /** Below the range from which the kernel takes the ports of clients, so that none of those is there in the meantime. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 10_000));

    private FreePort() {}

    /** One on which nobody listens, and another one each time. */
    public static int next() {
        while (true) {
            try (var socket = new ServerSocket(NEXT.getAndIncrement())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next one.
            }
        }
    }
}
