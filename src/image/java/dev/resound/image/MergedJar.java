package dev.resound.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Merges several jars into one, with the same bytes each time, and leaves out native libraries. A search for a missing service or
 * resource opens every jar of the class path and reads all names in it, and Java reads each jar's manifest before it loads the first
 * class from it. Where the classes come from a cache, this is a third of the start.
 */
final class MergedJar {

    private static final String SERVICES = "META-INF/services/";

    /** Every jar of Netty has this file, with its own version only. */
    private static final String NETTY_VERSIONS = "META-INF/io.netty.versions.properties";

    private static final Set<String> LEFT_OUT = Set.of(JarFile.MANIFEST_NAME, "META-INF/INDEX.LIST");

    /** The image has these as files. */
    private static final String NATIVE_LIBRARIES = "META-INF/native/";

    private static final String MANIFEST = """
            Manifest-Version: 1.0
            Multi-Release: true

            """;

    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    private MergedJar() {}

    /** Writes the jars, in the order of the class path, into one. */
    static void write(List<Path> jars, Path file) throws IOException {
        var merged = new MergedJar();
        for (Path jar : jars) {
            merged.add(jar);
        }
        try (var out = new JarOutputStream(Files.newOutputStream(file))) {
            put(out, JarFile.MANIFEST_NAME, MANIFEST.getBytes(StandardCharsets.US_ASCII));
            for (var content : merged.files.entrySet()) {
                put(out, content.getKey(), content.getValue());
            }
        }
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        var entry = new JarEntry(name);
        entry.setTimeLocal(NO_TIME);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    private void add(Path path) throws IOException {
        try (var jar = new JarFile(path.toFile())) {
            for (var entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
                if (isIncluded(entry.getName())) {
                    try (InputStream content = jar.getInputStream(entry)) {
                        add(path, entry.getName(), content.readAllBytes());
                    }
                }
            }
        }
    }

    private static boolean isIncluded(String name) {
        return !LEFT_OUT.contains(name) && !name.endsWith("module-info.class") && !name.startsWith(NATIVE_LIBRARIES);
    }

    private void add(Path jar, String name, byte[] content) throws IOException {
        if (name.startsWith(SERVICES) || name.equals(NETTY_VERSIONS)) {
            byte[] all = files.getOrDefault(name, new byte[0]);
            files.put(name, (text(all) + text(content) + "\n").getBytes(StandardCharsets.UTF_8));
            return;
        }
        boolean legal = name.matches("META-INF/(LICENSE|NOTICE)[^/]*");
        String place = legal ? "META-INF/legal/" + jar.getFileName() + name.substring("META-INF".length()) : name;
        byte[] other = files.putIfAbsent(place, content);
        if (other != null && !Arrays.equals(other, content)) {
            throw new IOException(jar + " and an earlier jar have different files named " + name);
        }
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}
