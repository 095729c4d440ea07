package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A program in another language, with the modules of Node that {@code .ci/run} installs. */
public final class ForeignProgram {

    private static final String MODULES =
            Path.of("target", "node_modules").toAbsolutePath().toString();

    /** How it ended. */
    public record Result(int exitCode, String output) {}

    private ForeignProgram() {}

    /** Where it must be there it fails the test, elsewhere the test is skipped. */
    public static void require(String what, String... probe) throws InterruptedException {
        Result result;
        try {
            result = run(probe);
        } catch (IOException absent) {
            result = new Result(-1, String.valueOf(absent.getMessage()));
        }
        if ("true".equals(System.getenv("CI"))) {
            assertThat(result.exitCode())
                    .as("this test needs %s: %s", what, result.output())
                    .isZero();
        }
        Assumptions.assumeTrue(result.exitCode() == 0, "this test needs " + what);
    }

    /** Runs a command to its end. */
    public static Result run(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), said);
    }

    /** Starts a command. Its errors are part of its output. */
    public static Process start(String... command) throws IOException {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().put("NODE_PATH", MODULES);
        return builder.start();
    }

    /** A script among the tests' resources. */
    public static String script(String name) throws URISyntaxException {
        return Path.of(ForeignProgram.class.getResource("/clients/" + name).toURI())
                .toString();
    }
}
