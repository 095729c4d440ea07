package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real Redis without persistence, of Debian's package {@code redis-server}, on a free port. */
public final class RedisProcess implements AutoCloseable {

    private final Path directory;
    private final int port;
    private final List<String> options;
    private Process process;

    private RedisProcess(Path directory, int port, List<String> options) throws IOException {
        this.directory = directory;
        this.port = port;
        this.options = options;
        this.process = launch();
    }

    /** Skips the test where it is not installed; on a build server the test fails. */
    public static void assumeInstalled() {
        boolean installed = Files.isExecutable(Path.of("/usr/bin/redis-server"));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed)
                    .as("Debian's package redis-server is installed")
                    .isTrue();
        }
        assumeTrue(installed, "needs Debian's package redis-server");
    }

    /**
     * Starts it, and waits until it responds.
     *
     * @param options of the command line, such as {@code --cluster-enabled yes}
     */
    public static RedisProcess start(String... options) throws IOException {
        var redis = new RedisProcess(Files.createTempDirectory("resound-redis"), FreePort.next(), List.of(options));
        redis.awaitResponse();
        return redis;
    }

    /** Starts it with TLS only. */
    public static RedisProcess startWithTls(TestCertificate certificate, String... options) throws IOException {
        int port = FreePort.next();
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificate.certificateFile().toString(),
                "--tls-key-file",
                certificate.keyFile().toString(),
                "--tls-ca-cert-file",
                certificate.certificateFile().toString(),
                "--tls-auth-clients",
                "no"));
        return new RedisProcess(Files.createTempDirectory("resound-redis"), port, all);
    }

    /** Starts a sentinel that watches a master under the usual name. */
    public static RedisProcess startSentinel(RedisProcess master) throws IOException {
        Path directory = Files.createTempDirectory("resound-redis");
        Path file = directory.resolve("sentinel.conf");
        int port = FreePort.next();
        Files.writeString(file, "port %d%nsentinel monitor mymaster 127.0.0.1 %d 1%n".formatted(port, master.port()));
        var sentinel = new RedisProcess(directory, port, List.of(file.toString(), "--sentinel"));
        sentinel.awaitResponse();
        return sentinel;
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of("redis-server"));
        command.addAll(options);
        if (!options.contains("--sentinel")) {
            String plain = options.contains("--tls-port") ? "0" : Integer.toString(port);
            command.addAll(List.of("--port", plain, "--save", "", "--dir", directory.toString()));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private void awaitResponse() {
        Waiting.await("Redis responds").until(() -> cli("PING").equals("PONG"));
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Runs a command, and returns what {@code redis-cli} prints. */
    public String cli(String... command) {
        List<String> all = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port)));
        all.addAll(List.of(command));
        try {
            Process client = new ProcessBuilder(all).redirectErrorStream(true).start();
            client.getOutputStream().close();
            String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            client.waitFor();
            return said.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops to run, without closing a connection. */
    public void freeze() {
        NetworkNamespace.run("kill", "-STOP", Long.toString(process.pid()));
    }

    /** Runs on. */
    public void thaw() {
        NetworkNamespace.run("kill", "-CONT", Long.toString(process.pid()));
    }

    /** Ends it. */
    public void stop() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts it again on the same port, without its data. */
    public void startAgain() throws IOException {
        process = launch();
        awaitResponse();
    }

    @Override
    public void close() throws IOException {
        stop();
        try (var files = Files.walk(directory)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
