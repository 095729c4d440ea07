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

/** The program: arguments, signals and exit codes. */
public final class Main {

    private static final int FAILED = 1;
    private static final int MISUSE = 2;

    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Runs until a signal ends it, unless the arguments ask for something else. */
    public static void main(String[] arguments) {
        CommandLine asked = CommandLine.parse(List.of(arguments));
        // Before the switch, for which the JVM would generate a class first.
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
        OutOfMemory.watchProcess();
        var service = new Service(ConfigurationSources.ofProcess(file));
        // Before the start: a signal may come as soon as /readyz says so.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "drain"));
        try {
            service.start();
        } catch (InvalidConfiguration e) {
            exit(MISUSE, e.getMessage());
        } catch (StartFailure e) {
            exit(FAILED, "resound: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            if (OutOfMemory.isBehind(e)) {
                throw e; // The uncaught exception handler ends the process.
            }
            log.error("the start failed", e);
            exit(FAILED, "resound: the start failed; the log says more");
        }
    }

    /** Runs on SIGTERM, SIGINT or SIGHUP. The JVM ignores further signals meanwhile. */
    private static void end(Service service) {
        if (service.abandonStart()) {
            // There is nothing to drain. The JVM ends with the signal's exit code: 143, 130 or 129.
            LogSetup.stop();
            return;
        }
        boolean clean = service.end();
        LogSetup.stop();
        // Otherwise the JVM would report the signal as its exit code.
        Runtime.getRuntime().halt(clean ? 0 : FAILED);
    }

    /** Ends at once. The shutdown hook is not needed, and may be running already: System.exit would wait for it. */
    private static void exit(int code, @Nullable String message) {
        System.err.println(String.valueOf(message).strip());
        LogSetup.stop();
        Runtime.getRuntime().halt(code);
    }
}
