package dev.resound.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * The classes of a start as the Java virtual machine maps them into memory (class data sharing). With it, a start and a stop of
 * the service take half of the CPU time. The tests have about a hundred of them, and the image comes with something similar.
 */
final class ClassArchive {

    private ClassArchive() {}

    /** The options for Java that use the archive of this jar, which is made first if there is none. */
    static List<String> optionsFor(Path jar) {
        try {
            String version = Long.toString(Files.getLastModifiedTime(jar).toMillis(), Character.MAX_RADIX);
            Path archive = jar.resolveSibling("classes-" + version + ".jsa");
            if (!Files.exists(archive)) {
                make(archive);
            }
            return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two processes may do this at the same time: the archive appears complete or not at all. */
    private static void make(Path archive) throws IOException {
        Path made = archive.resolveSibling(
                archive.getFileName() + "." + ProcessHandle.current().pid());
        try (var resound = ResoundProcess.readyBy(
                ResoundProcess.commandWithoutArchive("-XX:ArchiveClassesAtExit=" + made), Map.of())) {
            resound.signal("TERM");
            resound.exitCode();
        }
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    }
}
