package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The sources are read from where they really are. */
@ExtendWith(VertxExtension.class)
class ConfigurationSourcesTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void the_file_that_ships_is_found_in_the_working_directory_and_is_the_default(Vertx vertx) {
        assertThat(load(vertx, new ConfigurationSources(null, Map.of(), Map.of())))
                .isEqualTo(Configuration.DEFAULT);
    }

    @Test
    void file_environment_and_system_properties_come_together(Vertx vertx) throws IOException {
        Path file = Files.writeString(folder.resolve("my.yaml"), "websocket: { path: /a, max-connections: 1 }");
        var sources = new ConfigurationSources(
                file,
                Map.of("RESOUND_WEBSOCKET_MAX_CONNECTIONS", "2", "HOME", "/"),
                Map.of("resound.websocket.max-connections-per-address", "3", "java.version", "25"));

        var websocket = load(vertx, sources).websocket();

        assertThat(websocket.path()).isEqualTo("/a");
        assertThat(websocket.maxConnections()).isEqualTo(2);
        assertThat(websocket.maxConnectionsPerAddress()).isEqualTo(3);
    }

    @Test
    void a_file_that_was_asked_for_has_to_be_there(Vertx vertx) {
        assertRefused(vertx, folder.resolve("none.yaml"), "does not exist");
    }

    @Test
    void a_directory_is_no_file(Vertx vertx) {
        assertRefused(vertx, folder, "is a directory, not a file");
    }

    @Test
    void a_link_has_to_lead_somewhere(Vertx vertx) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), folder.resolve("none.yaml"));
        assertRefused(vertx, link, "is a link to a file that does not exist");
    }

    @Test
    void a_device_is_no_file(Vertx vertx) {
        Path device = Path.of("/dev/zero");
        assumeThat(device).exists();
        assertRefused(vertx, device, "is not a regular file");
    }

    @Test
    void the_files_that_settings_name_are_checked(Vertx vertx) throws IOException {
        Path file = Files.writeString(folder.resolve("my.yaml"), "http: { tls: { certificate: none, key: none } }");
        assertThatThrownBy(() -> load(vertx, new ConfigurationSources(file, Map.of(), Map.of())))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageContaining("http.tls.certificate ");
    }

    @Test
    void an_empty_file_is_refused(Vertx vertx) throws IOException {
        assertRefused(vertx, Files.createFile(folder.resolve("empty.yaml")), "is empty");
    }

    @Test
    void a_huge_file_is_refused_before_it_is_read(Vertx vertx) throws IOException {
        Path huge = Files.write(folder.resolve("huge.yaml"), new byte[1024 * 1024 + 1]);
        assertRefused(vertx, huge, "is larger than 1 MiB");
    }

    @Test
    void a_file_of_somebody_else_is_refused(Vertx vertx) throws IOException {
        Path closed = Files.writeString(folder.resolve("closed.yaml"), "http: {}");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(closed)).as("root may read everything").isFalse();
        assertRefused(vertx, closed, "cannot be read by this user");
    }

    @Test
    void what_is_wrong_with_the_file_does_not_hide_what_is_wrong_elsewhere(Vertx vertx) {
        Path none = folder.resolve("none.yaml");
        var sources = new ConfigurationSources(none, Map.of("RESOUND_HTTP_PORT", "x"), Map.of());

        assertThatThrownBy(() -> load(vertx, sources))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessageStartingWith("2 problems in the configuration:\n")
                .hasMessageContaining(none + " does not exist")
                .hasMessageContaining("http.port must be");
    }

    @Test
    void the_process_has_sources_too() {
        var sources = ConfigurationSources.ofProcess(null);

        assertThat(sources.environment()).isEqualTo(System.getenv());
        assertThat(sources.systemProperties()).containsEntry("java.version", System.getProperty("java.version"));
    }

    private static void assertRefused(Vertx vertx, Path file, String reason) {
        assertThatThrownBy(() -> load(vertx, new ConfigurationSources(file, Map.of(), Map.of())))
                .isInstanceOf(InvalidConfiguration.class)
                .hasMessage("1 problem in the configuration:\n  %s %s".formatted(file, reason));
    }

    private static Configuration load(Vertx vertx, ConfigurationSources sources) {
        return sources.load(vertx).await();
    }
}
