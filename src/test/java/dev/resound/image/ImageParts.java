package dev.resound.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;

/**
 * Makes what the image holds, each part as a folder that Jib turns into a layer: a Java runtime out of the JDK that this runs on, the
 * jars, the native transports, and the AOT cache of a training run with that runtime and these jars. Run by the build.
 *
 * @param target the build's folder, with the jar and its class path
 * @param base the image that all is put on; {@code scratch} has no C library, so this machine's is added
 */
record ImageParts(Path target, String base) {

    /** Found by what the jars use; Jackson and Vert.x name others (java.desktop, java.sql, java.compiler) for what is not used here. */
    private static final String MODULES = "java.base,java.logging,java.management,java.naming,java.xml,"
            + "jdk.crypto.ec,jdk.jfr,jdk.management,jdk.unsupported";

    /** What the virtual machine and the native transports are linked to. */
    private static final List<String> C_LIBRARY =
            List.of("libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1");

    /**
     * Makes them all.
     *
     * @param arguments the build's folder; the base; the options of the virtual machine, separated by commas
     */
    public static void main(String[] arguments) throws IOException {
        var parts = new ImageParts(Path.of(arguments[0]), arguments[1]);
        deleteAll(parts.image());
        parts.copyTransports();
        parts.copySbom();
        parts.copyCLibrary();
        Path cache = Files.createDirectories(parts.image().resolve("cache/app")).resolve("resound.aot");
        Files.createDirectories(parts.runtime().getParent());
        parts.linkRuntime();
        parts.trimRuntime();
        parts.mergeJars();
        new Training(parts.runtime(), parts.copyJars(), List.of(arguments[2].split(",", -1))).write(cache);
    }

    private Path image() {
        return target.resolve("image");
    }

    private Path runtime() {
        return image().resolve("runtime/opt/java");
    }

    private void linkRuntime() throws IOException {
        int status = ToolProvider.findFirst("jlink")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--add-modules",
                        MODULES,
                        "--vm=server",
                        "--no-header-files",
                        "--no-man-pages",
                        "--dedup-legal-notices=error-if-not-same-content",
                        "--output",
                        runtime().toString());
        if (status != 0) {
            throw new IOException("jlink failed with " + status);
        }
    }

    /** Most of this file are comments, and every start reads it. */
    private void trimRuntime() throws IOException {
        Path security = runtime().resolve("conf/security/java.security");
        List<String> settings = Files.readAllLines(security).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        Files.write(security, settings);
    }

    private Path application() {
        return image().resolve("app/app/resound.jar");
    }

    private Path libraries() {
        return image().resolve("libraries/app/libraries.jar");
    }

    private void mergeJars() throws IOException {
        Path own = target.resolve("resound.jar");
        List<Path> libraries = new ArrayList<>();
        try (var jar = new JarFile(own.toFile())) {
            String classPath = jar.getManifest().getMainAttributes().getValue("Class-Path");
            for (String entry : Objects.requireNonNull(classPath).split(" ", -1)) {
                libraries.add(target.resolve(entry));
            }
        }
        Files.createDirectories(libraries().getParent());
        MergedJar.write(libraries, libraries());
        // For its manifest names the others.
        MergedJar.write(List.of(own), application());
    }

    /** As files, so that Netty need not unpack them: the root file system is read-only, and there may be no other. */
    private void copyTransports() throws IOException {
        Path natives = Files.createDirectories(image().resolve("app/app/native"));
        try (var jars = Files.newDirectoryStream(target.resolve("lib"), "netty-transport-native-*-linux-*.jar")) {
            for (Path file : jars) {
                try (var jar = new JarFile(file.toFile())) {
                    for (var entry : jar.stream()
                            .filter(e -> e.getName().endsWith(".so"))
                            .toList()) {
                        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                        try (InputStream library = jar.getInputStream(entry)) {
                            Files.copy(library, natives.resolve(name));
                        }
                    }
                }
            }
        }
    }

    /** Scanners look for files of this name. */
    private void copySbom() throws IOException {
        Files.copy(target.resolve("resound.cdx.json"), image().resolve("app/app/resound.cdx.json"));
    }

    private void copyCLibrary() throws IOException {
        Path root = Files.createDirectories(image().resolve("libc"));
        if (!base.equals("scratch")) {
            return;
        }
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String folder = arm ? "lib/aarch64-linux-gnu" : "lib/x86_64-linux-gnu";
        String loader = arm ? "lib/ld-linux-aarch64.so.1" : "lib64/ld-linux-x86-64.so.2";
        List<String> files = new ArrayList<>(List.of(loader));
        C_LIBRARY.forEach(library -> files.add(folder + "/" + library));
        for (String file : files) {
            Path copy = root.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of("/", file), copy);
        }
        Files.createDirectories(root.resolve("tmp"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "nonroot:x:65532:65532:nonroot:/:/sbin/nologin\n");
        Files.writeString(root.resolve("etc/group"), "nonroot:x:65532:\n");
    }

    /** As they will lie in the image, in the same order on the class path: the cache is only good for those. */
    private List<Path> copyJars() throws IOException {
        Path folder = Files.createDirectories(image().resolve("training/app"));
        return List.of(copyJar(application(), folder), copyJar(libraries(), folder));
    }

    private static Path copyJar(Path jar, Path folder) throws IOException {
        Path copy = folder.resolve(Objects.requireNonNull(jar.getFileName()));
        Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(copy, Training.TIME_IN_IMAGE);
        return copy;
    }

    /** jlink writes to no folder that exists. */
    private static void deleteAll(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
