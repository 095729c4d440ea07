package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged service as a process of its own, in an empty working directory, as it runs in production. */
public final class ResoundProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;
    private static final Path JAR = Path.of("target", "resound.jar").toAbsolutePath();

    private final Process process;
    private final Path directory;
    private final Path output;
    /** As it announces it; 0 while nobody has asked. */
    private volatile int port;

    private volatile int managementPort;

    private ResoundProcess(Process process, Path directory, Path output) {
        this.process = process;
        this.directory = directory;
        this.output = output;
    }

    /** Starts it with these arguments, on free ports unless the environment names some. */
    public static ResoundProcess launch(Map<String, String> environment, String... arguments) {
        return by(joined(command(), List.of(arguments)), environment);
    }

    /** By a command of one's own; whatever becomes of it. */
    public static ResoundProcess by(List<String> command, Map<String, String> environment) {
        try {
            Path directory = Files.createTempDirectory("resound-it");
            Path output = Files.createTempFile("resound-it", ".log");
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("RESOUND_HTTP_PORT", "0");
            builder.environment().put("RESOUND_MANAGEMENT_PORT", "0");
            builder.environment().putAll(environment);
            return new ResoundProcess(builder.start(), directory, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, and waits until it is ready. */
    public static ResoundProcess ready(Map<String, String> environment, String... arguments) {
        ResoundProcess launched = launch(environment, arguments);
        launched.await(() -> launched.output().contains("metrics at "));
        return launched;
    }

    /** The same, with options of the Java virtual machine. */
    public static ResoundProcess ready(List<String> jvmOptions, Map<String, String> environment) {
        ResoundProcess launched = launch(jvmOptions, environment);
        launched.await(() -> launched.output().contains("metrics at "));
        return launched;
    }

    /** The same, and waits until it is ready. */
    public static ResoundProcess readyBy(List<String> command, Map<String, String> environment) {
        ResoundProcess launched = by(command, environment);
        launched.await(() -> launched.output().contains("metrics at "));
        return launched;
    }

    /** One whose output goes into a pipe that nobody reads; its ports are those that the environment names. */
    public static Process unread(Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder(command()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** With options of the Java virtual machine, whatever becomes of it. */
    public static ResoundProcess launch(List<String> jvmOptions, Map<String, String> environment) {
        return by(command(jvmOptions.toArray(String[]::new)), environment);
    }

    /**
     * One that may have little: 64 MiB of heap and as much outside of it, at the end of which it dies.
     *
     * @param openFiles the most files, and so sockets, that it may have open
     */
    public static ResoundProcess small(int openFiles, Map<String, String> environment) {
        List<String> limited = List.of("/bin/sh", "-c", "ulimit -n " + openFiles + " && exec \"$@\"", "sh");
        List<String> command = command("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError");
        ResoundProcess launched = by(joined(limited, command), environment);
        launched.await(() -> launched.output().contains("metrics at "));
        return launched;
    }

    /** The command that starts it, with options of the Java virtual machine. */
    public static List<String> command(String... jvmOptions) {
        return commandWithoutArchive(
                joined(ClassArchive.optionsFor(JAR), List.of(jvmOptions)).toArray(String[]::new));
    }

    /** The same without the archive of classes, which are loaded into memory of the process then. */
    public static List<String> commandWithoutArchive(String... jvmOptions) {
        List<String> java =
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return joined(joined(java, List.of(jvmOptions)), List.of("-jar", JAR.toString()));
    }

    private static List<String> joined(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    public int port() {
        if (port == 0) {
            port = announced("page");
        }
        return port;
    }

    public URI webSocket() {
        return URI.create("ws://127.0.0.1:" + port() + "/ws");
    }

    public URI page() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    public URI management(String path) {
        return URI.create("http://127.0.0.1:" + managementPort() + path);
    }

    public int managementPort() {
        if (managementPort == 0) {
            managementPort = announced("metrics");
        }
        return managementPort;
    }

    /** A port that was free a moment ago may be a client's by now, so it takes one itself and says which. */
    private int announced(String what) {
        var line = Pattern.compile(what + " at https?://[^\\s\"]+:(\\d+)/").matcher(output());
        assertThat(line.find()).as(output()).isTrue();
        return Integer.parseInt(line.group(1));
    }

    /** All that it printed so far, on both streams. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The most memory that it has had so far, in bytes. */
    public long peakMemory() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files in its working directory. */
    public List<Path> written() {
        try (var files = Files.walk(directory)) {
            return files.filter(path -> !path.equals(directory)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal, such as {@code TERM}. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    public int exitCode() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running; it printed:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits for a condition while it runs. */
    public void await(BooleanSupplier condition) {
        var holds = new AtomicBoolean();
        Waiting.await("the condition holds or the process has ended")
                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> {
                    holds.set(condition.getAsBoolean());
                    return holds.get() || !process.isAlive();
                });
        if (!holds.get()) {
            throw new AssertionError("the process has ended; it printed:\n" + output());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.deleteIfExists(output);
            for (Path path : written().reversed()) {
                Files.deleteIfExists(path);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
