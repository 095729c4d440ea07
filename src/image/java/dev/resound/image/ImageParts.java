package dev.resound.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;

/**
 * Makes what the image holds, each part as a folder that Jib turns into a layer: a Java runtime linked from the JDK that runs this
 * class, the jars, the native transports, the bill of materials, and the AOT cache of a training run with that runtime and these jars.
 *
 * @param target the build's folder, with the jar and its class path
 * @param base the base image; {@code scratch} has no C library, so this machine's is added
 * @param architecture the architecture of the image
 */
record ImageParts(Path target, String base, TargetArchitecture architecture) {

    /** Found by what the jars use; Jackson and Vert.x name others (java.desktop, java.sql, java.compiler) for what is not used here. */
    private static final String MODULES = "java.base,java.logging,java.management,java.naming,java.xml,"
            + "jdk.crypto.ec,jdk.jfr,jdk.management,jdk.unsupported";

    private static final String RUNTIME = "/opt/java";

    /** The virtual machine and the native transports are linked to these. */
    private static final List<String> C_LIBRARY =
            List.of("libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1");

    /**
     * Makes all parts.
     *
     * @param arguments the build's folder; the base image; the architecture of the image; the options of the virtual machine,
     *     separated by commas
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var parts = new ImageParts(Path.of(arguments[0]), arguments[1], TargetArchitecture.named(arguments[2]));
        parts.architecture.requireJavaOf(System.getProperty("os.name"), System.getProperty("os.arch"));
        deleteAll(parts.image());
        parts.copyTransports();
        parts.copyCLibrary();
        Path cache = Files.createDirectories(parts.image().resolve("cache/app")).resolve("resound.aot");
        Files.createDirectories(parts.runtime().getParent());
        parts.linkRuntime();
        parts.describeRuntime();
        parts.trimRuntime();
        parts.writeSbom();
        parts.mergeJars();
        List<String> options = List.of(arguments[3].split(",", -1));
        new Training(parts.runtime(), parts.copyJars(), parts.transports(), options).write(cache);
    }

    private Path image() {
        return target.resolve("image");
    }

    private Path runtime() {
        return image().resolve("runtime" + RUNTIME);
    }

    private Path transports() {
        return image().resolve("app/app/native");
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

    /** Adds vendor and exact version to the file by which scanners recognize a Java runtime; jlink writes neither. */
    private void describeRuntime() throws IOException {
        Path release = runtime().resolve("release");
        List<String> lines = new ArrayList<>(Files.readAllLines(release));
        Files.readAllLines(Path.of(System.getProperty("java.home"), "release")).stream()
                .filter(line -> line.matches("(IMPLEMENTOR|JAVA_RUNTIME_VERSION|JAVA_VERSION_DATE|LIBC|OS_|SOURCE).*"))
                .forEach(lines::add);
        Files.write(release, lines);
    }

    /** Every start reads this file, and most of it are comments. */
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
        libraries.removeIf(jar -> architecture.excludes(String.valueOf(jar.getFileName())));
        Files.createDirectories(libraries().getParent());
        MergedJar.write(libraries, libraries());
        // The manifest of resound.jar names the jars that are merged now.
        MergedJar.write(List.of(own), application());
    }

    /** Netty would unpack the transports from a jar, but the root file system is read-only. */
    private void copyTransports() throws IOException {
        Path folder = Files.createDirectories(transports());
        String jarNames = "netty-transport-native-*-" + architecture.classifier() + ".jar";
        try (var jars = Files.newDirectoryStream(target.resolve("lib"), jarNames)) {
            for (Path file : jars) {
                try (var jar = new JarFile(file.toFile())) {
                    for (var entry : jar.stream()
                            .filter(e -> e.getName().endsWith(".so"))
                            .toList()) {
                        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                        try (InputStream library = jar.getInputStream(entry)) {
                            Files.copy(library, folder.resolve(name));
                        }
                    }
                }
            }
        }
    }

    /** Scanners look for files with this ending in an image. The same file lies beside the image, to be signed with it. */
    private void writeSbom() throws IOException {
        Path jars = target.resolve("resound.cdx.json");
        if (!Files.exists(jars)) {
            throw new NoSuchFileException(jars.toString(), null, "CycloneDX's plugin does not run with -o (offline)");
        }
        Sbom sbom = Sbom.read(jars);
        sbom.remove(architecture::excludes);
        sbom.add(Sbom.javaRuntime(runtime(), RUNTIME));
        sbom.add(
                base.equals("scratch")
                        ? Sbom.cLibrary(cLibraryVersion(), "/" + architecture.libraryFolder())
                        : Sbom.baseImage(base));
        Path beside = target.resolve("resound-image.cdx.json");
        sbom.write(beside);
        Files.copy(beside, image().resolve("app/app/resound.cdx.json"));
    }

    private static String cLibraryVersion() throws IOException {
        Process getconf = new ProcessBuilder("getconf", "GNU_LIBC_VERSION").start();
        try (var output = getconf.inputReader()) {
            return output.readAllAsString().strip().replace("glibc ", "");
        }
    }

    private void copyCLibrary() throws IOException {
        Path root = Files.createDirectories(image().resolve("libc"));
        if (!base.equals("scratch")) {
            return;
        }
        List<String> files = new ArrayList<>(List.of(architecture.loader()));
        C_LIBRARY.forEach(library -> files.add(architecture.libraryFolder() + "/" + library));
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

    /** The cache is valid only for jars with the same names, times and order on the class path as in the image. */
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

    /** jlink refuses to write to a folder that exists. */
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
