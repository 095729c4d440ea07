package dev.resound.bench;

import dev.resound.bench.peers.HelidonEcho;
import dev.resound.bench.peers.JettyEcho;
import dev.resound.bench.peers.NettyEcho;
import dev.resound.bench.peers.TomcatEcho;
import dev.resound.bench.peers.UndertowEcho;
import dev.resound.bench.peers.VertxEcho;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server that takes part.
 *
 * @param name as it was asked for
 * @param command with <code>{port}</code> where the port goes
 * @param environment likewise
 */
record Contestant(String name, List<String> command, Map<String, String> environment) {

    private static final String PORT = "{port}";

    /** Those whose transport can be chosen. */
    private static final List<String> WITH_TRANSPORT = List.of("resound", "vertx", "netty");

    /**
     * One that is known here, on the JVM.
     *
     * @param name perhaps with a transport behind a colon
     */
    static Contestant known(String name, Path build, List<String> jvmFlags) {
        String[] parts = name.split(":", 2);
        String transport = parts.length == 1 ? "auto" : parts[1];
        if (parts.length == 2 && !WITH_TRANSPORT.contains(parts[0])) {
            throw new IllegalArgumentException("no transport to choose for " + parts[0]);
        }
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.add("-Xmx1g");
        if (parts[0].equals("resound")) {
            java.addAll(jvmFlags);
            java.addAll(List.of("-jar", build.resolve("resound.jar").toString()));
            var settings =
                    Map.of("RESOUND_HTTP_PORT", PORT, "RESOUND_MANAGEMENT_PORT", "0", "RESOUND_TRANSPORT", transport);
            return new Contestant(name, java, settings);
        }
        // What is set for libraries and not for the JVM may be wrong for another server.
        jvmFlags.stream().filter(flag -> !flag.startsWith("-D")).forEach(java::add);
        java.addAll(List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                peer(parts[0]).getName(),
                PORT,
                transport));
        return new Contestant(name, java, Map.of());
    }

    /**
     * One from elsewhere.
     *
     * @param definition {@code name=command}; the command is the shell's, which is replaced by it
     */
    static Contestant external(String definition) {
        String[] parts = definition.split("=", 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException("an external server is name=command, not " + definition);
        }
        return new Contestant(parts[0].strip(), List.of("sh", "-c", "exec " + parts[1].strip()), Map.of());
    }

    private static Class<?> peer(String name) {
        return switch (name) {
            case "vertx" -> VertxEcho.class;
            case "netty" -> NettyEcho.class;
            case "undertow" -> UndertowEcho.class;
            case "jetty" -> JettyEcho.class;
            case "tomcat" -> TomcatEcho.class;
            case "helidon" -> HelidonEcho.class;
            default -> throw new IllegalArgumentException("no server is called " + name);
        };
    }

    List<String> commandOn(int port) {
        return command.stream().map(argument -> withPort(argument, port)).toList();
    }

    Map<String, String> environmentOn(int port) {
        Map<String, String> result = new HashMap<>(environment);
        result.replaceAll((key, value) -> withPort(value, port));
        return result;
    }

    private static String withPort(String text, int port) {
        return text.replace(PORT, Integer.toString(port));
    }
}
