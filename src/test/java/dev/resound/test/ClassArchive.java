package dev.resound.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * The classes of the service in the form that the Java virtual machine maps into memory (class data sharing). With this archive, a
 * start and a stop of the service take half of the CPU time. The image has a similar archive.
 */
final class ClassArchive {

    private ClassArchive() {}

    /** The options for Java that use the archive of this jar, which is made first if it is missing or older than the jar. */
    static List<String> optionsFor(Path jar) {
        try {
            Path archive = jar.resolveSibling("classes.jsa");
            if (!Files.exists(archive)
                    || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
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
