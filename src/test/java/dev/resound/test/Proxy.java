package dev.resound.test;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A real proxy as a process of its own. */
public final class Proxy implements AutoCloseable {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    private final Process process;
    private final Path log;

    private Proxy(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** nginx, in whose section {@code http} this stands. */
    public static Proxy nginx(Path directory, int port, String http) throws Exception {
        require(NGINX, "nginx-light");
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                events {}
                http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxied;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                %s
                }
                """.formatted(http));
        String[] place = {
            "-p", directory.toString(), "-e", directory.resolve("error.log").toString()
        };
        return start(port, directory, NGINX, place, "-c", configuration.toString());
    }

    /** haproxy with this configuration. */
    public static Proxy haproxy(Path directory, int port, String all) throws Exception {
        require(HAPROXY, "haproxy");
        Path configuration = Files.writeString(directory.resolve("haproxy.cfg"), all);
        return start(port, directory, HAPROXY, new String[] {"-db"}, "-f", configuration.toString());
    }

    /** Skips the test where it is not installed; on a build server it fails. */
    private static void require(Path program, String debianPackage) {
        boolean installed = Files.isExecutable(program);
        Assumptions.assumeTrue(
                installed || "true".equals(System.getenv("CI")), "needs the Debian package " + debianPackage);
        assertThat(installed)
                .as("the Debian package " + debianPackage + " is installed")
                .isTrue();
    }

    private static Proxy start(int port, Path directory, Path program, String[] place, String... configuration)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(place));
        command.addAll(List.of(configuration));
        Path log = directory.resolve("proxy.log");
        var proxy = new Proxy(
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
        try {
            await(program + " listens or has ended").until(() -> listens(port) || !proxy.process.isAlive());
            assertThat(proxy.process.isAlive()).as(proxy.output()).isTrue();
            return proxy;
        } catch (RuntimeException | AssertionError e) {
            proxy.close();
            throw e;
        }
    }

    /** Everything that it printed so far, such as haproxy's changes of a server's state. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
