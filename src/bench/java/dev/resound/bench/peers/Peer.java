package dev.resound.bench.peers;

/** What all of them share. */
final class Peer {

    static final String PATH = "/ws";

    /** The largest message in bytes, above the 1 MiB that is sent. */
    static final int LARGEST = 2 << 20;

    private Peer() {}

    static int port(String[] arguments) {
        return Integer.parseInt(arguments[0]);
    }

    /** Event loops: one for each processor that the process may use. */
    static int loops() {
        return Runtime.getRuntime().availableProcessors();
    }
}
