package dev.resound.page;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Properties;

/**
 * A file in memory.
 *
 * @param content immutable, so all event loops share it
 * @param etag a strong entity tag
 */
record Asset(String contentType, Buffer content, String etag) {

    private static final int ETAG_BYTES = 16;

    static Asset read(String file) {
        try (InputStream stream = open(file)) {
            byte[] bytes = stream.readAllBytes();
            return new Asset(contentTypeOf(file), Buffer.buffer(bytes), etagOf(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file from a jar of {@code org.webjars.npm}. Its files are in a folder named after the version; the jar itself states the
     * version, so that it is written only in {@code pom.xml}.
     */
    static Asset readWebJar(String artifact, String path) {
        return read(webJarFile(artifact, path));
    }

    static String webJarFile(String artifact, String path) {
        String resource = "/META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties";
        try (InputStream stream = open(resource)) {
            var properties = new Properties();
            properties.load(stream);
            return "/META-INF/resources/webjars/" + artifact + "/" + properties.getProperty("version") + "/" + path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream stream = Asset.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IllegalStateException("not on the class path: " + resource);
        }
        return stream;
    }

    Asset with(String text, String replacement) {
        byte[] changed = content.toString().replace(text, replacement).getBytes(StandardCharsets.UTF_8);
        return new Asset(contentType, Buffer.buffer(changed), etagOf(changed));
    }

    private static String contentTypeOf(String file) {
        return switch (file.substring(file.lastIndexOf('.'))) {
            case ".html" -> "text/html; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".svg" -> "image/svg+xml; charset=utf-8";
            case ".json" ->
                file.endsWith("/asyncapi.json")
                        ? "application/vnd.aai.asyncapi+json; version=3.0.0"
                        : "application/schema+json";
            default -> throw new IllegalStateException("no content type known for " + file);
        };
    }

    private static String etagOf(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, ETAG_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
