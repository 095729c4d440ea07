package dev.resound;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parsed arguments of the program. */
sealed interface CommandLine {

    /** The usage message. */
    String USAGE = """
            Usage: java -jar resound.jar [--conf FILE] [--help] [--version]

              --conf FILE  read this configuration instead of conf/resound.yaml
              --help       print this and exit
              --version    print the version and exit

            Environment variables override the file: RESOUND_WEBSOCKET_KEEP_ALIVE_INTERVAL sets
            websocket.keep-alive-interval. Java system properties override both.

            Exit codes:
              0  drained after SIGTERM or SIGINT
              1  failed to start, for example because a port is in use; or the drain did not end in time
              2  invalid configuration or arguments
              3  out of memory
            """;

    /**
     * Run the service.
     *
     * @param file the configuration file that was named; null for the default one, which may be absent
     */
    record Run(@Nullable Path file) implements CommandLine {}

    /** Print {@link #USAGE}. */
    record Help() implements CommandLine {}

    /** Print the version. */
    record Version() implements CommandLine {}

    /** The arguments are invalid, for the given reason. */
    record Invalid(String reason) implements CommandLine {}

    /** Parses the arguments of the program. */
    static CommandLine parse(List<String> arguments) {
        Path file = null;
        for (var rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            String value = argument.startsWith("--conf=") ? argument.substring("--conf=".length()) : "";
            switch (argument) {
                case "--help", "-h" -> {
                    return new Help();
                }
                case "--version" -> {
                    return new Version();
                }
                case "--conf" -> value = rest.hasNext() ? rest.next() : "";
                default -> {
                    if (!argument.startsWith("--conf=")) {
                        return new Invalid("unknown argument " + argument);
                    }
                }
            }
            if (value.isEmpty()) {
                return new Invalid("--conf needs the name of a file");
            }
            if (file != null) {
                return new Invalid("--conf may be given only once");
            }
            try {
                file = Path.of(value);
            } catch (InvalidPathException e) {
                return new Invalid("--conf: not the name of a file: " + value);
            }
        }
        return new Run(file);
    }
}
