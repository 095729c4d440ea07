package dev.resound.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * A script library out of a jar of {@code org.webjars.npm}. Its files lie in a folder that is named after its version; the jar says
 * itself which one that is, so that {@code pom.xml} stays the one place that does.
 *
 * @param folder where its files are on the class path
 */
record WebJar(String folder) {

    static WebJar of(String artifact) {
        var properties = new Properties();
        try (InputStream stream = open("/META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WebJar("/META-INF/resources/webjars/" + artifact + "/" + properties.getProperty("version") + "/");
    }

    private static InputStream open(String resource) {
        InputStream stream = WebJar.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IllegalStateException("not on the class path: " + resource);
        }
        return stream;
    }

    /** The name of one of its files on the class path. */
    String file(String path) {
        return folder + path;
    }
}
