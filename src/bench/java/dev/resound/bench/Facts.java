package dev.resound.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where and with what the figures were made. */
final class Facts {

    private static final Pattern PEER_JARS = Pattern.compile(
            "(vertx-core|netty-codec-http|undertow-core|jetty-server|tomcat-embed-core|helidon-webserver|"
                    + "jmh-core|HdrHistogram)-\\d.*\\.jar");

    private Facts() {}

    static JsonObject of(Options options, Pinning pinning) throws IOException {
        return new JsonObject()
                .put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("processor", processor())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("system", property("os.name") + " " + property("os.version") + " " + property("os.arch"))
                .put("java", property("java.vm.name") + " " + property("java.vm.version"))
                .put("versions", versions())
                .put("jvm_flags", new JsonArray(options.jvmFlags()))
                .put("options", options.toString())
                .put("pinning", pinning.toString());
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.exists(info)) {
            return "unknown";
        }
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    /** By the names of the jars, since not all of them tell it otherwise. */
    private static JsonArray versions() {
        var jars = Stream.of(property("java.class.path").split(Pattern.quote(property("path.separator"))))
                .map(entry -> String.valueOf(Path.of(entry).getFileName()))
                .filter(PEER_JARS.asMatchPredicate())
                .map(name -> name.substring(0, name.length() - ".jar".length()))
                .toList();
        return new JsonArray(jars);
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
