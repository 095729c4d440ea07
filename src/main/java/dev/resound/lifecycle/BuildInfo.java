package dev.resound.lifecycle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The build.
 *
 * @param version of Resound, as in {@code pom.xml}
 */
public record BuildInfo(String version) {

    private static final String RESOURCE = "/resound-build.properties";

    /** The running build. */
    public static BuildInfo current() {
        var properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildInfo(properties.getProperty("version", "unknown"));
    }
}
