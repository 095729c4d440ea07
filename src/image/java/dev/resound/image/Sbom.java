package dev.resound.image;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the bill of materials of the image (CycloneDX 1.6): the one that the build has made of the jars, with what the image contains
 * beside them. It has no time stamp and no serial number, so each build of the same sources writes the same file.
 */
final class Sbom {

    private static final Pattern PINNED_BASE =
            Pattern.compile("(?<repository>.+/(?<name>[^/:@]+))(:(?<tag>[^@]+))?@sha256:(?<digest>\\p{XDigit}{64})");

    private final JsonObject bom;

    private Sbom(JsonObject bom) {
        this.bom = bom;
    }

    static Sbom read(Path file) throws IOException {
        return new Sbom(new JsonObject(Files.readString(file)));
    }

    void write(Path file) throws IOException {
        Files.writeString(file, bom.encodePrettily() + "\n");
    }

    /** Removes the components whose package URL matches, with all references to them. */
    void remove(Predicate<String> purl) {
        Set<String> removed = objects("components").stream()
                .filter(component -> purl.test(component.getString("purl")))
                .map(component -> component.getString("bom-ref"))
                .collect(Collectors.toSet());
        keep("components", component -> !removed.contains(component.getString("bom-ref")));
        keep("dependencies", dependency -> !removed.contains(dependency.getString("ref")));
        for (JsonObject dependency : objects("dependencies")) {
            removed.forEach(dependency.getJsonArray("dependsOn")::remove);
        }
    }

    private void keep(String array, Predicate<JsonObject> condition) {
        bom.put(array, new JsonArray(objects(array).stream().filter(condition).collect(Collectors.toList())));
    }

    private List<JsonObject> objects(String array) {
        return bom.getJsonArray(array).stream().map(JsonObject.class::cast).toList();
    }

    /** Adds a component that the service depends on. */
    void add(JsonObject component) {
        String reference = component.getString("bom-ref");
        String service =
                bom.getJsonObject("metadata").getJsonObject("component").getString("bom-ref");
        bom.getJsonArray("components").add(component);
        objects("dependencies").stream()
                .filter(dependency -> service.equals(dependency.getString("ref")))
                .forEach(dependency -> dependency.getJsonArray("dependsOn").add(reference));
        bom.getJsonArray("dependencies")
                .add(new JsonObject().put("ref", reference).put("dependsOn", new JsonArray()));
    }

    /**
     * The Java runtime.
     *
     * @param runtime where it lies now
     * @param location where it lies in the image
     */
    static JsonObject javaRuntime(Path runtime, String location) throws IOException {
        Properties release = release(runtime);
        String version = value(release, "JAVA_RUNTIME_VERSION");
        String purl = "pkg:generic/openjdk@" + encoded(version);
        var component = new JsonObject()
                .put("type", "platform")
                .put("bom-ref", purl)
                .put("supplier", new JsonObject().put("name", value(release, "IMPLEMENTOR")))
                .put("name", "openjdk")
                .put("version", version)
                .put("description", "Java runtime, linked with these modules: " + value(release, "MODULES"))
                .put(
                        "licenses",
                        JsonArray.of(new JsonObject().put("expression", "GPL-2.0-only WITH Classpath-exception-2.0")))
                .put("cpe", "cpe:2.3:a:oracle:openjdk:" + value(release, "JAVA_VERSION") + ":*:*:*:*:*:*:*")
                .put("purl", purl);
        if (release.containsKey("SOURCE_REPO")) {
            component.put("externalReferences", JsonArray.of(reference("vcs", value(release, "SOURCE_REPO"))));
        }
        return component
                .put("components", files(runtime, location, List.of("lib/modules", "lib/server/libjvm.so")))
                .put("evidence", foundAt(location));
    }

    /** The files that hold the classes and the virtual machine. */
    private static JsonArray files(Path runtime, String location, List<String> names) throws IOException {
        var files = new JsonArray();
        for (String name : names) {
            files.add(new JsonObject()
                    .put("type", "file")
                    .put("name", location + "/" + name)
                    .put("hashes", JsonArray.of(sha256(digest(runtime.resolve(name))))));
        }
        return files;
    }

    private static Properties release(Path runtime) throws IOException {
        var release = new Properties();
        try (var file = Files.newBufferedReader(runtime.resolve("release"))) {
            release.load(file);
        }
        return release;
    }

    private static String value(Properties release, String key) {
        String value = release.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("the JDK's file `release` has no " + key);
        }
        return value.replace("\"", "");
    }

    /** The base image. Only a base that is pinned by digest has a package URL. */
    static JsonObject baseImage(String base) {
        Matcher pinned = PINNED_BASE.matcher(base);
        if (!pinned.matches()) {
            return new JsonObject()
                    .put("type", "container")
                    .put("bom-ref", base)
                    .put("name", base);
        }
        String digest = pinned.group("digest");
        String purl = "pkg:oci/" + pinned.group("name") + "@" + encoded("sha256:" + digest) + "?repository_url="
                + pinned.group("repository") + (pinned.group("tag") == null ? "" : "&tag=" + pinned.group("tag"));
        return new JsonObject()
                .put("type", "container")
                .put("bom-ref", purl)
                .put("name", pinned.group("repository"))
                .put("version", "sha256:" + digest)
                .put("hashes", JsonArray.of(sha256(digest)))
                .put("purl", purl);
    }

    /** The C library of the machine that builds. */
    static JsonObject cLibrary(String version, String location) {
        String purl = "pkg:generic/glibc@" + version;
        return new JsonObject()
                .put("type", "library")
                .put("bom-ref", purl)
                .put("name", "glibc")
                .put("version", version)
                .put(
                        "licenses",
                        JsonArray.of(new JsonObject().put("license", new JsonObject().put("id", "LGPL-2.1-or-later"))))
                .put("purl", purl)
                .put("evidence", foundAt(location));
    }

    private static JsonObject foundAt(String location) {
        return new JsonObject().put("occurrences", JsonArray.of(new JsonObject().put("location", location)));
    }

    private static JsonObject reference(String type, String url) {
        return new JsonObject().put("type", type).put("url", url);
    }

    private static JsonObject sha256(String digest) {
        return new JsonObject().put("alg", "SHA-256").put("content", digest);
    }

    private static String digest(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
