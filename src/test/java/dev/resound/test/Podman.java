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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Runs the image that the build left in {@code target/}, on the network of this machine; with podman, runc and catatonit of Debian's
 * packages. What podman stores stays in {@code target/} too, and goes with {@link #close}.
 */
public final class Podman implements AutoCloseable {

    private static final Path IMAGE = Path.of("target", "jib-image.tar");

    /** As on a machine without systemd. */
    private static final String CONFIGURATION = """
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            [containers]
            default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
            """;

    private final AtomicInteger containers = new AtomicInteger();
    private final Path directory;
    private final String image;

    private Podman(Path directory) {
        this.directory = directory;
        this.image =
                run("load", "--quiet", "--input", IMAGE.toString()).strip().replaceFirst("(?s).*Loaded image: ", "");
    }

    /** Skips the test where it cannot run or no image was built; on a build server the test fails. */
    public static Podman load() {
        boolean installed = Stream.of("/usr/bin/podman", "/usr/sbin/runc", "/usr/bin/catatonit")
                .map(Path::of)
                .allMatch(Files::isExecutable);
        boolean root = "root".equals(System.getProperty("user.name"));
        boolean ready = installed && root && Files.exists(IMAGE);
        if ("true".equals(System.getenv("CI"))) {
            assertThat(ready)
                    .as("podman, runc and catatonit are installed, and the image is built")
                    .isTrue();
        }
        assumeTrue(ready, "needs root and Debian's packages podman, runc and catatonit, before the build starts");
        try {
            Path directory = Files.createDirectories(Path.of("target", "podman").toAbsolutePath());
            Files.writeString(directory.resolve("containers.conf"), CONFIGURATION);
            return new Podman(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A container, once it is ready. Both its ports are free ones of this machine. */
    public Container ready(List<String> options, Map<String, String> environment, String... arguments) {
        Container container = launch(options, environment, arguments);
        container.process().await(() -> container.process().output().contains("metrics at "));
        return container;
    }

    /** A container, whatever becomes of it. */
    public Container launch(List<String> options, Map<String, String> environment, String... arguments) {
        String name = "resound-" + containers.incrementAndGet();
        List<String> command = command("run", "--rm", "--name", name, "--network=host");
        command.addAll(options);
        Map.of("RESOUND_HTTP_PORT", "0", "RESOUND_MANAGEMENT_PORT", "0")
                .forEach((key, value) -> command.add("--env=" + key + "=" + value));
        environment.forEach((key, value) -> command.add("--env=" + key + "=" + value));
        command.add(image);
        command.addAll(List.of(arguments));
        return new Container(this, name, ResoundProcess.by(command, environment()));
    }

    /** What one of podman's commands prints. */
    String run(String... arguments) {
        try {
            var builder = new ProcessBuilder(command(arguments));
            builder.environment().putAll(environment());
            Path complaints = Files.createTempFile("podman", ".log");
            Process process = builder.redirectError(complaints.toFile()).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(Files.readString(complaints)).isZero();
            Files.delete(complaints);
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> environment() {
        return Map.of("CONTAINERS_CONF", directory.resolve("containers.conf").toString());
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/podman",
                "--root=" + directory.resolve("root"),
                "--runroot=" + directory.resolve("run"),
                "--tmpdir=" + directory.resolve("tmp")));
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public void close() {
        run("rm", "--all", "--force");
        run("rmi", "--all", "--force");
    }

    /**
     * One that was started.
     *
     * @param podman what runs it
     * @param name podman's name for it
     * @param process podman's process that waits for it, passes signals on and has its output and its exit code
     */
    public record Container(Podman podman, String name, ResoundProcess process) implements AutoCloseable {

        /** The first process in it, as this machine numbers it. */
        public long pid() {
            return Long.parseLong(
                    podman.run("inspect", "--format={{.State.Pid}}", name).strip());
        }

        /** A line of what the kernel says about that process. */
        public String status(String key) {
            try (var lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
                return lines.filter(line -> line.startsWith(key + ":"))
                        .map(line -> line.substring(key.length() + 1).strip())
                        .findFirst()
                        .orElseThrow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The most memory that it has had so far, in bytes, with what it shares with files. */
        public long peakMemory() {
            return 1024 * Long.parseLong(status("VmHWM").replaceAll("\\D", ""));
        }

        @Override
        public void close() {
            if (process.isAlive()) {
                podman.run("kill", "--signal=KILL", name);
                process.exitCode();
            }
            process.close();
        }
    }
}
