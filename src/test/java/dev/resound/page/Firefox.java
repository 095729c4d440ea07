package dev.resound.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.resound.test.ForeignProgram;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page in the browser of Debian's package {@code firefox-esr}, driven by Node's puppeteer-core. Playwright has no driver for it.
 * The browser accepts every certificate. An action waits until its element is there and enabled.
 */
final class Firefox implements AutoCloseable {

    private static final Path EXECUTABLE = Path.of("/usr/bin/firefox-esr");

    private final Process node;
    private final BufferedReader answers;

    private Firefox() throws IOException, URISyntaxException {
        node = ForeignProgram.start("node", ForeignProgram.script("firefox.mjs"), EXECUTABLE.toString());
        answers = node.inputReader();
    }

    /** Skips the test where the browser or its driver is missing; on a build server, the test fails. */
    static Firefox launch() throws Exception {
        boolean installed = Files.isExecutable(EXECUTABLE);
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed)
                    .as("Debian's package firefox-esr is installed")
                    .isTrue();
        }
        assumeTrue(installed, "needs Debian's package firefox-esr");
        ForeignProgram.require(
                "Node's puppeteer-core: npm install --prefix target puppeteer-core",
                "node",
                "-e",
                "require.resolve('puppeteer-core')");
        return new Firefox();
    }

    /** Loads a page. */
    void open(URI page) {
        command("open", page.toString());
    }

    void click(String selector) {
        command("click", selector);
    }

    /** Enters a value into a field, or chooses an option of a list. */
    void fill(String selector, String value) {
        command("fill", selector, value);
    }

    /** Waits until an element contains a text. */
    void awaitText(String selector, String text) {
        command("awaitText", selector, text);
    }

    /** The value of an expression in the page. */
    @Nullable
    Object evaluate(String expression) {
        return command("evaluate", expression);
    }

    /** What the console shows, and the errors of scripts. */
    List<?> complaints() {
        return command("complaints") instanceof JsonArray all ? all.getList() : List.of();
    }

    private @Nullable Object command(String name, String... arguments) {
        try {
            var command = new JsonArray().add(name);
            List.of(arguments).forEach(command::add);
            node.outputWriter().append(command.encode()).append('\n').flush();
            String line = answers.readLine();
            if (line == null || !line.startsWith("{")) {
                throw new AssertionError(
                        "Firefox has ended: " + line + answers.lines().toList());
            }
            var answer = new JsonObject(line);
            if (answer.containsKey("problem")) {
                throw new AssertionError("Firefox: " + answer.getString("problem"));
            }
            return answer.getValue("value");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        node.outputWriter().close();
        node.waitFor();
    }
}
