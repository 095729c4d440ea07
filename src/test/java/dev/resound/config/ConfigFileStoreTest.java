package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileStoreTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void only_a_file_that_was_asked_for_must_exist() {
        Path none = folder.resolve("none.yaml");
        assertThat(new ConfigFileStore(none, false).obstacle()).isEmpty();
        assertThat(new ConfigFileStore(none, true).obstacle())
                .contains(ConfigurationProblem.at(none.toString(), "does not exist"));
    }

    @Test
    void a_link_to_nothing_is_an_obstacle_for_the_default_file_too() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), folder.resolve("none.yaml"));
        assertThat(new ConfigFileStore(link, false).obstacle())
                .contains(ConfigurationProblem.at(link.toString(), "is a link to a file that does not exist"));
    }

    @Test
    void a_file_may_have_a_mebibyte_and_no_more() throws IOException {
        Path file = Files.write(folder.resolve("large.yaml"), new byte[1024 * 1024]);
        assertThat(new ConfigFileStore(file, true).obstacle()).isEmpty();
        Files.write(file, new byte[1024 * 1024 + 1]);
        assertThat(new ConfigFileStore(file, true).obstacle())
                .contains(ConfigurationProblem.at(file.toString(), "is larger than 1 MiB"));
    }
}
