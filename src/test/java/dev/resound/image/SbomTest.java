package dev.resound.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SbomTest {

    private static final String DIGEST = "8c563c1fb5e120606f0d85733049775faed6192e2bd2223ef283a5393eec22b9";

    private static final String JARS = """
            {"metadata": {"component": {"bom-ref": "service"}},
             "components": [
               {"bom-ref": "a", "purl": "pkg:maven/a@1"},
               {"bom-ref": "b", "purl": "pkg:maven/b@1?classifier=linux-aarch_64"}],
             "dependencies": [
               {"ref": "service", "dependsOn": ["a", "b"]},
               {"ref": "a", "dependsOn": ["b"]},
               {"ref": "b", "dependsOn": []}]}
            """;

    @TempDir
    private Path directory;

    private Sbom sbom() throws IOException {
        return Sbom.read(Files.writeString(directory.resolve("jars.cdx.json"), JARS));
    }

    private JsonObject written(Sbom sbom) throws IOException {
        Path file = directory.resolve("image.cdx.json");
        sbom.write(file);
        return new JsonObject(Files.readString(file));
    }

    @Test
    void a_removed_component_is_referred_to_nowhere() throws IOException {
        Sbom sbom = sbom();
        sbom.remove(TargetArchitecture.AMD64::excludes);
        assertThat(written(sbom)).isEqualTo(new JsonObject("""
                {"metadata": {"component": {"bom-ref": "service"}},
                 "components": [{"bom-ref": "a", "purl": "pkg:maven/a@1"}],
                 "dependencies": [{"ref": "service", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": []}]}
                """));
    }

    @Test
    void the_service_depends_on_an_added_component() throws IOException {
        Sbom sbom = sbom();
        sbom.add(new JsonObject().put("bom-ref", "java"));
        JsonObject written = written(sbom);
        assertThat(written.getJsonArray("components")).contains(new JsonObject("{\"bom-ref\": \"java\"}"));
        assertThat(written.getJsonArray("dependencies"))
                .contains(
                        new JsonObject("{\"ref\": \"service\", \"dependsOn\": [\"a\", \"b\", \"java\"]}"),
                        new JsonObject("{\"ref\": \"java\", \"dependsOn\": []}"));
    }

    @Test
    void the_java_runtime_has_the_vendor_and_version_of_its_release_file_and_the_hashes_of_its_files()
            throws IOException {
        Files.createDirectories(directory.resolve("lib/server"));
        Files.writeString(directory.resolve("lib/modules"), "abc");
        Files.writeString(directory.resolve("lib/server/libjvm.so"), "");
        Files.writeString(directory.resolve("release"), """
                JAVA_VERSION="25.0.3"
                MODULES="java.base java.xml"
                IMPLEMENTOR="Eclipse Adoptium"
                JAVA_RUNTIME_VERSION="25.0.3+9-LTS"
                """);
        JsonObject java = Sbom.javaRuntime(directory, "/opt/java");
        assertThat(java.getJsonObject("supplier").getString("name")).isEqualTo("Eclipse Adoptium");
        assertThat(java.getString("version")).isEqualTo("25.0.3+9-LTS");
        assertThat(java.getString("purl")).isEqualTo("pkg:generic/openjdk@25.0.3%2B9-LTS");
        assertThat(java.getString("cpe")).isEqualTo("cpe:2.3:a:oracle:openjdk:25.0.3:*:*:*:*:*:*:*");
        assertThat(java.getJsonArray("components").getJsonObject(0)).isEqualTo(new JsonObject("""
                {"type": "file", "name": "/opt/java/lib/modules", "hashes": [{"alg": "SHA-256",
                 "content": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]}
                """));
    }

    @Test
    void a_java_runtime_without_a_version_is_an_error() throws IOException {
        Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        assertThatThrownBy(() -> Sbom.javaRuntime(directory, "/opt/java")).hasMessageContaining("JAVA_RUNTIME_VERSION");
    }

    @Test
    void a_base_that_is_pinned_has_a_package_url_with_its_digest() {
        JsonObject base = Sbom.baseImage("gcr.io/distroless/base-nossl-debian13:nonroot@sha256:" + DIGEST);
        assertThat(base.getString("purl"))
                .isEqualTo("pkg:oci/base-nossl-debian13@sha256%3A" + DIGEST
                        + "?repository_url=gcr.io/distroless/base-nossl-debian13&tag=nonroot");
        assertThat(base.getJsonArray("hashes").getJsonObject(0).getString("content"))
                .isEqualTo(DIGEST);
    }

    @Test
    void a_base_may_have_a_port_and_no_tag() {
        assertThat(Sbom.baseImage("localhost:5000/base@sha256:" + DIGEST).getString("purl"))
                .isEqualTo("pkg:oci/base@sha256%3A" + DIGEST + "?repository_url=localhost:5000/base");
    }

    @Test
    void a_base_that_is_not_pinned_has_only_a_name() {
        assertThat(Sbom.baseImage("tar:///base.tar")).isEqualTo(new JsonObject("""
                {"type": "container", "bom-ref": "tar:///base.tar", "name": "tar:///base.tar"}
                """));
    }
}
