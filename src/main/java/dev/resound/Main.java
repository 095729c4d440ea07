package dev.resound;

import dev.resound.config.ConfigurationSources;
import dev.resound.config.InvalidConfiguration;
import dev.resound.lifecycle.BuildInfo;
import dev.resound.lifecycle.StartFailure;
import dev.resound.logging.LogSetup;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program: arguments, signals and exit codes, which nothing else knows. */
public final class Main {

    private static final int FAILED_START = 1;
    private static final int MISUSE = 2;

    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Runs until a signal ends it, unless the arguments ask for something else. */
    public static void main(String[] arguments) {
        CommandLine asked = CommandLine.parse(List.of(arguments));
        // Before the switch, which the JVM makes a class for: that is for those who have time.
        if (asked instanceof CommandLine.Run(Path file)) {
            run(file);
            return;
        }
        switch (asked) {
            case CommandLine.Help() -> System.out.print(CommandLine.USAGE);
            case CommandLine.Version() -> System.out.println(BuildInfo.current().version());
            case CommandLine.Invalid(String reason) -> exit(MISUSE, "resound: " + reason + "\n\n" + CommandLine.USAGE);
            case CommandLine.Run(Path file) -> run(file);
        }
    }

    private static void run(@Nullable Path file) {
        try {
            var service = Service.start(ConfigurationSources.ofProcess(file));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "drain"));
        } catch (InvalidConfiguration e) {
            exit(MISUSE, e.getMessage());
        } catch (StartFailure e) {
            exit(FAILED_START, "resound: " + e.getMessage());
        } catch (RuntimeException e) {
            log.error("the start failed", e);
            exit(FAILED_START, "resound: the start failed; the log says more");
        }
    }

    /** On SIGTERM or SIGINT. The JVM ignores a second signal while this runs. */
    private static void end(Service service) {
        boolean clean = service.end();
        LogSetup.stop();
        // Left to itself, the JVM would report the signal as its exit code.
        Runtime.getRuntime().halt(clean ? 0 : FAILED_START);
    }

    private static void exit(int code, @Nullable String message) {
        System.err.println(String.valueOf(message).strip());
        LogSetup.stop();
        System.exit(code);
    }
}
