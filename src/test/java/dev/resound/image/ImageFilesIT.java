package dev.resound.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.resound.test.ForeignProgram;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files and labels of the image. It is not run, so these tests need neither podman nor root. */
class ImageFilesIT {

    private static final String SCHEMAS = "http://cyclonedx.org/schema/";

    @TempDir
    private static Path directory;

    private static @Nullable ImageFiles image;

    @BeforeAll
    static void unpack() throws Exception {
        image = ImageFiles.unpack(directory);
    }

    private static ImageFiles image() {
        return Objects.requireNonNull(image);
    }

    private static JsonObject sbom() throws IOException {
        return new JsonObject(Files.readString(image().root().resolve("app/resound.cdx.json")));
    }

    private static List<String> names(String jar) throws IOException {
        try (var file = new JarFile(image().root().resolve(jar).toFile())) {
            return file.stream().map(JarEntry::getName).toList();
        }
    }

    @Test
    void its_labels_say_what_it_is() {
        assertThat(image().label("title")).isEqualTo("Resound");
        assertThat(image().label("description")).isNotEmpty();
        assertThat(image().label("version")).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
        assertThat(image().label("licenses")).isEqualTo("Apache-2.0");
        assertThat(image().label("vendor")).isEqualTo("The Resound authors");
    }

    @Test
    void in_a_clone_it_names_the_commit_and_has_the_time_of_the_commit() throws Exception {
        assumeTrue(Files.exists(Path.of(".git")), "not a clone");
        String[] commit = ForeignProgram.run("git", "show", "--no-patch", "--format=%H %ct", "HEAD")
                .output()
                .strip()
                .split(" ", -1);
        Instant time = Instant.ofEpochSecond(Long.parseLong(commit[1]));
        assertThat(image().label("revision")).isEqualTo(commit[0]);
        assertThat(Instant.parse(image().label("created"))).isEqualTo(time);
        assertThat(Instant.parse(image().configuration().getString("created"))).isEqualTo(time);
    }

    @Test
    void no_label_has_an_empty_value_or_a_property_without_one() {
        assertThat(image().configuration().getJsonObject("config").getJsonObject("Labels"))
                .allSatisfy(label -> assertThat(String.valueOf(label.getValue()))
                        .isNotEmpty()
                        .doesNotContain("${"));
    }

    @Test
    void it_has_native_libraries_for_its_own_architecture_only() throws IOException {
        String own = image().configuration().getString("architecture").equals("arm64") ? "aarch_64" : "x86_64";
        try (Stream<Path> files = Files.list(image().root().resolve("app/native"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .hasSize(2)
                    .allMatch(name -> name.endsWith("_" + own + ".so"));
        }
        assertThat(names("app/libraries.jar")).noneMatch(name -> name.endsWith(".so"));
    }

    @Test
    void the_image_builder_is_not_in_it() throws IOException {
        assertThat(names("app/resound.jar"))
                .contains("dev/resound/Main.class")
                .noneMatch(name -> name.startsWith("dev/resound/image/"));
        try (var jar = new JarFile(Path.of("target", "resound.jar").toFile())) {
            assertThat(jar.stream().map(JarEntry::getName)).noneMatch(name -> name.startsWith("dev/resound/image/"));
        }
    }

    @Test
    void its_bill_of_materials_keeps_to_the_schema_of_cyclonedx() throws IOException {
        JsonObject sbom = sbom();
        OutputUnit result = validated(sbom);
        assertThat(result.getValid()).as(result.toString()).isTrue();
        sbom.getJsonArray("components").getJsonObject(0).put("type", "gadget");
        assertThat(validated(sbom).getValid()).isFalse();
    }

    private static OutputUnit validated(JsonObject sbom) throws IOException {
        var repository = SchemaRepository.create(
                new JsonSchemaOptions().setDraft(Draft.DRAFT7).setBaseUri(SCHEMAS));
        for (String name : List.of("bom-1.6", "spdx", "jsf-0.82")) {
            repository.dereference(SCHEMAS + name + ".schema.json", schema(name));
        }
        return repository.validator(SCHEMAS + "bom-1.6.schema.json").validate(sbom);
    }

    private static JsonSchema schema(String name) throws IOException {
        try (InputStream file = ClassLoader.getSystemResourceAsStream(name + ".schema.json")) {
            return JsonSchema.of(
                    new JsonObject(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    @Test
    void its_bill_of_materials_lists_its_java_runtime() throws Exception {
        JsonObject java = component("openjdk");
        var release = new Properties();
        try (var file = Files.newBufferedReader(image().root().resolve("opt/java/release"))) {
            release.load(file);
        }
        assertThat(release.getProperty("JAVA_RUNTIME_VERSION")).isEqualTo("\"" + java.getString("version") + "\"");
        assertThat(java.getJsonObject("supplier").getString("name")).isNotEmpty();
        assertThat(java.getJsonArray("licenses").encode()).contains("GPL-2.0-only WITH Classpath-exception-2.0");
        assertThat(java.getJsonArray("components")).hasSize(2);
        for (Object part : java.getJsonArray("components")) {
            JsonObject file = (JsonObject) part;
            Path path = image().root().resolve(file.getString("name").substring(1));
            assertThat(file.getJsonArray("hashes").getJsonObject(0).getString("content"))
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path))));
        }
    }

    private static JsonObject component(String name) throws IOException {
        return components()
                .filter(component -> component.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<JsonObject> components() throws IOException {
        return sbom().getJsonArray("components").stream().map(JsonObject.class::cast);
    }

    @Test
    void its_bill_of_materials_lists_the_jars_that_are_merged_in_it_and_no_other() throws IOException {
        TargetArchitecture architecture =
                TargetArchitecture.named(image().configuration().getString("architecture"));
        try (Stream<Path> jars = Files.list(Path.of("target", "lib"))) {
            List<String> merged = jars.map(jar -> String.valueOf(jar.getFileName()))
                    .filter(jar -> !architecture.excludes(jar))
                    .sorted()
                    .toList();
            assertThat(components()
                            .filter(component -> component.getString("purl").startsWith("pkg:maven/"))
                            .map(ImageFilesIT::jar)
                            .sorted())
                    .isEqualTo(merged);
        }
    }

    private static String jar(JsonObject component) {
        String classifier = component.getString("purl").contains("classifier=")
                ? component.getString("purl").replaceFirst(".*classifier=([^&]+).*", "-$1")
                : "";
        return component.getString("name") + "-" + component.getString("version") + classifier + ".jar";
    }

    @Test
    void its_bill_of_materials_has_no_time_and_no_random_number_and_lies_beside_the_image_too() throws IOException {
        JsonObject sbom = sbom();
        assertThat(sbom.fieldNames()).doesNotContain("serialNumber");
        assertThat(sbom.getJsonObject("metadata").fieldNames()).doesNotContain("timestamp");
        assertThat(Path.of("target", "resound-image.cdx.json"))
                .hasSameTextualContentAs(image().root().resolve("app/resound.cdx.json"));
        assertThat(sbom.getJsonArray("dependencies", new JsonArray())).isNotEmpty();
    }
}
