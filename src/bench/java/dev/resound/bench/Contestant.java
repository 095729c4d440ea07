package dev.resound.bench;

import dev.resound.bench.load.Load;
import dev.resound.bench.load.Wire;
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
 * @param wire what carries its WebSockets
 * @param command with <code>{port}</code> where the port goes
 * @param environment likewise
 */
record Contestant(String name, Wire wire, List<String> command, Map<String, String> environment) {

    private static final String PORT = "{port}";

    /** Between the name and what carries the WebSockets. */
    private static final String WIRE = "\\+";

    /** Those whose transport can be chosen. */
    private static final List<String> WITH_TRANSPORT = List.of("resound", "vertx", "netty");

    /**
     * One that is known here, on the JVM.
     *
     * @param name perhaps with a transport behind a colon, and a {@link Wire} behind a plus sign
     */
    static Contestant known(String name, Path build, Certificate certificate, List<String> jvmFlags) {
        String[] server = name.split(WIRE, 2);
        Wire wire = Wire.parse(server.length == 1 ? "" : server[1]);
        String[] parts = server[0].split(":", 2);
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
            Map<String, String> settings = new HashMap<>(
                    Map.of("RESOUND_HTTP_PORT", PORT, "RESOUND_MANAGEMENT_PORT", "0", "RESOUND_TRANSPORT", transport));
            if (wire.tls()) {
                settings.put(
                        "RESOUND_HTTP_TLS_CERTIFICATE",
                        certificate.certificate().toString());
                settings.put("RESOUND_HTTP_TLS_KEY", certificate.key().toString());
            }
            if (wire.deflate()) {
                settings.put("RESOUND_WEBSOCKET_COMPRESSION", "true");
            }
            return new Contestant(name, wire, java, settings);
        }
        if (!wire.equals(Wire.PLAIN)) {
            throw new IllegalArgumentException("of the servers known here, only resound is measured with " + wire);
        }
        // What is set for libraries and not for the JVM may be wrong for another server.
        jvmFlags.stream().filter(flag -> !flag.startsWith("-D")).forEach(java::add);
        java.addAll(List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                peer(parts[0]).getName(),
                PORT,
                transport));
        return new Contestant(name, wire, java, Map.of());
    }

    /**
     * One from elsewhere.
     *
     * @param definition {@code name=command}, perhaps with a {@link Wire} behind the name and a plus sign; the command is the shell's, which is replaced by it
     */
    static Contestant external(String definition) {
        String[] parts = definition.split("=", 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException("an external server is name=command, not " + definition);
        }
        String name = parts[0].strip();
        String[] server = name.split(WIRE, 2);
        return new Contestant(
                name,
                Wire.parse(server.length == 1 ? "" : server[1]),
                List.of("sh", "-c", "exec " + parts[1].strip()),
                Map.of());
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

    /** Whether it can be measured in this case. */
    void check(Load load) {
        if (load.kind() == Load.Kind.CHURN && wire.tls()) {
            throw new BenchmarkFailure("%s is measured without TLS only, not with %s".formatted(load, name));
        }
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
