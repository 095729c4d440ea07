package dev.resound.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFileTest {

    @TempDir
    private Path directory;

    @Test
    void a_file_is_read() throws IOException {
        PemFile file = read(Files.writeString(directory.resolve("a"), "secret"));
        assertThat(file.text()).isEqualTo("secret");
        assertThat(file.brokenRule()).isEmpty();
        assertThat(file.toString()).contains("key=").doesNotContain("secret");
    }

    @Test
    void no_file_is_named() {
        PemFile none = PemFile.read("key", "");
        assertThat(none.isNamed()).isFalse();
        assertThat(none.brokenRule()).isEmpty();
    }

    @Test
    void what_cannot_be_read_says_why() throws IOException {
        assertThat(read(directory.resolve("nowhere")).brokenRule()).isEqualTo("must name a file that exists");
        Path dangling = Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
        assertThat(read(dangling).brokenRule()).isEqualTo("must name a file that exists");
        assertThat(read(directory).brokenRule()).isEqualTo("must name a regular file");
        assertThat(read(Path.of("/dev/zero")).brokenRule()).isEqualTo("must name a regular file");
        Path large = Files.write(directory.resolve("large"), new byte[1024 * 1024 + 1]);
        assertThat(read(large).brokenRule()).isEqualTo("must name a file of at most 1 MiB");
        assertThat(PemFile.read("key", "\0").brokenRule()).isEqualTo("must be the path of a file");
    }

    @Test
    void two_are_equal_where_they_hold_the_same() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "one");
        PemFile first = read(file);
        assertThat(read(file)).isEqualTo(first);
        Files.writeString(file, "two");
        assertThat(read(file)).isNotEqualTo(first);
    }

    private static PemFile read(Path path) {
        return PemFile.read("key", path.toString());
    }
}
