package dev.resound.bench;

import dev.resound.bench.load.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A contestant at work. Between its turns it is frozen, so that nothing it does takes time from the others. */
final class ServerProcess implements AutoCloseable {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Contestant contestant;
    private final Process process;
    private final int port;

    private ServerProcess(Contestant contestant, Process process, int port) {
        this.contestant = contestant;
        this.process = process;
        this.port = port;
    }

    /** Starts it and waits until it takes connections. */
    static ServerProcess start(Contestant contestant, Pinning pinning, Path directory, int round)
            throws IOException, InterruptedException {
        int port = freePort();
        var builder = new ProcessBuilder(pinning.server(contestant.commandOn(port)))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory
                        .resolve(contestant.name().replaceAll("\\W", "-") + "-" + round + ".log")
                        .toFile());
        builder.environment().putAll(contestant.environmentOn(port));
        var server = new ServerProcess(contestant, builder.start(), port);
        // Or it would stay behind, perhaps frozen, if somebody ends the benchmark.
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        server.awaitReady();
        return server;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                close();
                throw new BenchmarkFailure(contestant.name() + " does not start; its log is in target/bench");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean accepts() throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    String name() {
        return contestant.name();
    }

    int port() {
        return port;
    }

    Wire wire() {
        return contestant.wire();
    }

    long pid() {
        return process.pid();
    }

    /** Where there are no such signals, it goes on, with nothing to do. */
    void freeze() throws InterruptedException {
        signal("STOP");
    }

    void thaw() throws InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // No such program: not a system with signals.
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
