package dev.resound;

import dev.resound.config.ConfigurationSources;
import dev.resound.config.InvalidConfiguration;
import dev.resound.lifecycle.BuildInfo;
import dev.resound.lifecycle.StartFailure;
import dev.resound.logging.LogSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entry point: arguments, signals and exit codes. */
public final class Main {

    private static final int FAILED = 1;
    private static final int MISUSE = 2;

    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Runs the service until a signal ends it, unless the arguments request something else. */
    public static void main(String[] arguments) {
        CommandLine asked = CommandLine.parse(List.of(arguments));
        // Without the switch, for which the JVM would first generate a class.
        if (asked instanceof CommandLine.Run(Path file)) {
            run(file);
            return;
        }
        switch (asked) {
            case CommandLine.Help() -> System.out.print(CommandLine.USAGE);
            case CommandLine.Version() -> System.out.println(BuildInfo.current().version());
            case CommandLine.Check(EchoCheck check) -> check(check);
            case CommandLine.Invalid(String reason) -> exit(MISUSE, "resound: " + reason + "\n\n" + CommandLine.USAGE);
            case CommandLine.Run(Path file) -> run(file);
        }
    }

    private static void check(EchoCheck check) {
        try {
            System.out.println(check.run());
        } catch (IOException e) {
            exit(FAILED, "resound: " + e.getMessage());
        }
    }

    private static void run(@Nullable Path file) {
        OutOfMemory.watchProcess();
        var service = new Service(ConfigurationSources.ofProcess(file));
        // Before the start: a signal may arrive as soon as /readyz reports that the service is ready.
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
            exit(FAILED, "resound: the start failed; see the log");
        }
    }

    /** Handles SIGTERM, SIGINT and SIGHUP. The JVM ignores further signals in the meantime. */
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

    /**
     * Ends the process immediately. The shutdown hook is not needed and may already be running: System.exit would wait
     * for it.
     */
    private static void exit(int code, @Nullable String message) {
        System.err.println(String.valueOf(message).strip());
        LogSetup.stop();
        Runtime.getRuntime().halt(code);
    }
}
