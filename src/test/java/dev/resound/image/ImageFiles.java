package dev.resound.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.resound.test.ForeignProgram;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The image that the build left in {@code target/}, unpacked.
 *
 * @param configuration its configuration in OCI's format
 * @param root the files of all its layers
 */
record ImageFiles(JsonObject configuration, Path root) {

    private static final Path IMAGE = Path.of("target", "jib-image.tar");

    /** Skips the test where no image was built; on a build server the test fails. */
    static ImageFiles unpack(Path directory) throws IOException, InterruptedException {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(IMAGE).exists();
        }
        assumeTrue(Files.exists(IMAGE), "needs an image, which is built where podman is installed");
        Path root = Files.createDirectories(directory.resolve("root"));
        untar(IMAGE, directory);
        JsonObject index = json(directory.resolve("index.json"));
        JsonObject manifest = blob(directory, index.getJsonArray("manifests").getJsonObject(0));
        for (Object layer : manifest.getJsonArray("layers")) {
            untar(path(directory, (JsonObject) layer), root);
        }
        return new ImageFiles(blob(directory, manifest.getJsonObject("config")), root);
    }

    private static void untar(Path archive, Path directory) throws IOException, InterruptedException {
        var result = ForeignProgram.run("tar", "-xf", archive.toString(), "-C", directory.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    private static JsonObject blob(Path directory, JsonObject descriptor) throws IOException {
        return json(path(directory, descriptor));
    }

    private static Path path(Path directory, JsonObject descriptor) {
        return directory.resolve("blobs").resolve(descriptor.getString("digest").replace(':', '/'));
    }

    private static JsonObject json(Path file) throws IOException {
        return new JsonObject(Files.readString(file));
    }

    /** A label of the image. */
    String label(String key) {
        return configuration
                .getJsonObject("config")
                .getJsonObject("Labels")
                .getString("org.opencontainers.image." + key, "");
    }
}
