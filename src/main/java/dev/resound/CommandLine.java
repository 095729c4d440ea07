package dev.resound;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parsed arguments of the program. */
sealed interface CommandLine {

    /** The usage message. */
    String USAGE = """
            Usage: java -jar resound.jar [--conf FILE] [--help] [--version]
                   java -jar resound.jar --check URL [--origin ORIGIN] [--trust FILE]

              --conf FILE      read this configuration instead of conf/resound.yaml
              --help           print this and exit
              --version        print the version and exit

              --check URL      do not run the service but check one: connect to it, as in
                               ws://localhost:8080/ws, send a message, and wait for its echo
              --origin ORIGIN  send this Origin header with the check
              --trust FILE     for wss: trust the certificates in this PEM file

            Environment variables override the file: RESOUND_WEBSOCKET_KEEP_ALIVE_INTERVAL sets
            websocket.keep-alive-interval. Java system properties override both.

            Exit codes:
              0  drained after SIGTERM or SIGINT; or the check received the echo
              1  failed to start, for example because a port is in use; or the drain did not end in time;
                 or the check failed
              2  invalid configuration or arguments
              3  out of memory
            """;

    /**
     * Run the service.
     *
     * @param file the configuration file that was named; null for the default one, which may be absent
     */
    record Run(@Nullable Path file) implements CommandLine {}

    /** Check a running service. */
    record Check(EchoCheck check) implements CommandLine {}

    /** Print {@link #USAGE}. */
    record Help() implements CommandLine {}

    /** Print the version. */
    record Version() implements CommandLine {}

    /** The arguments are invalid, for the given reason. */
    record Invalid(String reason) implements CommandLine {}

    /** The options that take a value, and which value. */
    Map<String, String> OPTIONS = Map.of(
            "--conf", "the name of a file",
            "--check", "a URL, as in ws://localhost:8080/ws",
            "--origin", "an origin, as in https://example.com",
            "--trust", "the name of a file");

    /** Parses the arguments of the program. */
    static CommandLine parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        for (var rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            if (argument.equals("--help") || argument.equals("-h")) {
                return new Help();
            }
            if (argument.equals("--version")) {
                return new Version();
            }
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            String needed = OPTIONS.get(option);
            if (needed == null) {
                return new Invalid("unknown argument " + argument);
            }
            String value = equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
            if (value.isEmpty()) {
                return new Invalid(option + " needs " + needed);
            }
            if (values.put(option, value) != null) {
                return new Invalid(option + " may be given only once");
            }
        }
        try {
            String check = values.get("--check");
            return check == null ? run(values) : check(check, values);
        } catch (InvalidPathException e) {
            return new Invalid("not the name of a file: " + e.getInput());
        }
    }

    private static CommandLine run(Map<String, String> values) {
        if (values.containsKey("--origin") || values.containsKey("--trust")) {
            return new Invalid("--origin and --trust need --check");
        }
        return new Run(path(values.get("--conf")));
    }

    private static CommandLine check(String url, Map<String, String> values) {
        if (values.containsKey("--conf")) {
            return new Invalid("--check reads no configuration; remove --conf");
        }
        try {
            URI target = new URI(url);
            Optional<String> obstacle = EchoCheck.obstacle(target);
            return obstacle.isPresent()
                    ? new Invalid("--check: the URL " + obstacle.get() + ": " + url)
                    : new Check(new EchoCheck(target, values.get("--origin"), path(values.get("--trust"))));
        } catch (URISyntaxException e) {
            return new Invalid("--check: not a URL: " + url);
        }
    }

    private static @Nullable Path path(@Nullable String value) {
        return value == null ? null : Path.of(value);
    }
}
