package dev.resound.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedJarTest {

    private static final String SERVICE = "META-INF/services/a.Service";

    @TempDir
    private Path directory;

    private Path jar(String name, Map<String, String> files) throws IOException {
        Path jar = directory.resolve(name);
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var file : new TreeMap<>(files).entrySet()) {
                out.putNextEntry(new JarEntry(file.getKey()));
                out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return jar;
    }

    private Path merged(Path... jars) throws IOException {
        Path merged = directory.resolve("merged.jar");
        MergedJar.write(List.of(jars), merged);
        return merged;
    }

    private static String text(Path path, String name) throws IOException {
        try (var jar = new JarFile(path.toFile());
                var in = jar.getInputStream(Objects.requireNonNull(jar.getEntry(name), name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void the_files_of_all_jars_are_in_it() throws IOException {
        Path merged = merged(jar("a.jar", Map.of("a/A.class", "A")), jar("b.jar", Map.of("b/B.class", "B")));
        assertThat(text(merged, "a/A.class")).isEqualTo("A");
        assertThat(text(merged, "b/B.class")).isEqualTo("B");
    }

    @Test
    void a_service_has_the_providers_of_all_jars() throws IOException {
        Path merged = merged(jar("a.jar", Map.of(SERVICE, "a.First")), jar("b.jar", Map.of(SERVICE, "b.Second\n")));
        assertThat(text(merged, SERVICE).lines().filter(line -> !line.isEmpty()))
                .containsExactly("a.First", "b.Second");
    }

    @Test
    void each_jar_keeps_its_licence() throws IOException {
        Path merged = merged(
                jar("a.jar", Map.of("META-INF/LICENSE", "free")), jar("b.jar", Map.of("META-INF/LICENSE", "freer")));
        assertThat(text(merged, "META-INF/legal/a.jar/LICENSE")).isEqualTo("free");
        assertThat(text(merged, "META-INF/legal/b.jar/LICENSE")).isEqualTo("freer");
    }

    @Test
    void native_libraries_are_left_out() throws IOException {
        Path merged = merged(jar("a.jar", Map.of("a/A.class", "A", "META-INF/native/liba.so", "ELF")));
        try (var jar = new JarFile(merged.toFile())) {
            assertThat(jar.stream().map(JarEntry::getName)).containsExactly(JarFile.MANIFEST_NAME, "a/A.class");
        }
    }

    @Test
    void classes_for_newer_versions_of_java_are_found() throws IOException {
        Path merged = merged(jar("a.jar", Map.of("a/A.class", "old", "META-INF/versions/11/a/A.class", "new")));
        try (var jar = new JarFile(merged.toFile(), true, JarFile.OPEN_READ, JarFile.runtimeVersion())) {
            assertThat(jar.isMultiRelease()).isTrue();
            assertThat(jar.getJarEntry("a/A.class").getRealName()).isEqualTo("META-INF/versions/11/a/A.class");
        }
    }

    @Test
    void two_files_of_one_name_are_an_error_unless_they_are_the_same() throws IOException {
        Path a = jar("a.jar", Map.of("a/A.class", "A"));
        Path same = jar("same.jar", Map.of("a/A.class", "A"));
        Path other = jar("other.jar", Map.of("a/A.class", "another"));
        assertThat(text(merged(a, same), "a/A.class")).isEqualTo("A");
        assertThatThrownBy(() -> merged(a, other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.jar")
                .hasMessageContaining("a/A.class");
    }

    @Test
    void it_is_the_same_each_time() throws IOException {
        Path a = jar("a.jar", Map.of("a/A.class", "A", SERVICE, "a.First"));
        byte[] first = Files.readAllBytes(merged(a));
        assertThat(Files.readAllBytes(merged(a))).isEqualTo(first);
    }
}
