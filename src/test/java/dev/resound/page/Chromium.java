package dev.resound.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The browser of Debian's package {@code chromium}, driven by Playwright, which downloads none of its own. */
final class Chromium implements AutoCloseable {

    private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");

    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(List<String> arguments) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(EXECUTABLE)
                        .setArgs(Stream.concat(ARGUMENTS.stream(), arguments.stream())
                                .toList()));
    }

    /**
     * Skips the test where there is none; on a build server it fails.
     *
     * @param arguments for the browser, in addition to the usual ones
     */
    static Chromium launch(String... arguments) {
        boolean installed = Files.isExecutable(EXECUTABLE);
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as("Debian's package chromium is installed").isTrue();
        }
        assumeTrue(installed, "needs Debian's package chromium");
        return new Chromium(List.of(arguments));
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
