package dev.resound.bench;

import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
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

    private static final Pattern JARS = Pattern.compile("(vertx-core|netty-codec-http|undertow-core|jetty-server"
            + "|tomcat-embed-core|helidon-webserver|jmh-core|HdrHistogram)-\\d.*\\.jar");

    private Facts() {}

    static JsonObject of(Options options, Pinning pinning) throws IOException {
        return new JsonObject()
                .put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("processor", processor())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("pinning", pinning.toString())
                .put("system", property("os.name") + " " + property("os.version") + " " + property("os.arch"))
                .put("java", property("java.vm.name") + " " + property("java.vm.version"))
                .put("transport", Transports.select(TransportChoice.AUTO).name())
                .put("versions", versions())
                .put("command", command())
                .put("jvm_flags", new JsonArray(options.jvmFlags()));
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        Stream<String> lines = Files.exists(info) ? Files.readAllLines(info).stream() : Stream.of();
        return lines.filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    /** By the names of the jars, since not all of them tell it otherwise. */
    private static JsonArray versions() {
        return new JsonArray(Stream.of(property("java.class.path").split(Pattern.quote(property("path.separator")), -1))
                .map(entry -> String.valueOf(Path.of(entry).getFileName()))
                .filter(JARS.asMatchPredicate())
                .map(name -> name.replaceAll("\\.jar$", ""))
                .toList());
    }

    /** That leads to the same. */
    private static String command() {
        var command = new StringBuilder("./mvnw -Pbench verify");
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("bench.") && !name.equals("bench.jvm-flags"))
                .filter(name -> !property(name).isEmpty())
                .sorted()
                .forEach(name -> command.append(" \"-D%s=%s\"".formatted(name, property(name))));
        return command.toString();
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
