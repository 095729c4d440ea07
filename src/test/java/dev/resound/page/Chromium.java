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

/**
 * Debian's Chromium, driven by Playwright, which downloads none of its own. Most tests use the program without a user interface of
 * the package {@code chromium-headless-shell}: it has the same engine and network code, and opens a page for about half of the CPU
 * time. A few use the whole browser of the package {@code chromium}.
 */
final class Chromium implements AutoCloseable {

    private static final String HEADLESS_SHELL = "chromium-headless-shell";
    private static final String WHOLE_BROWSER = "chromium";

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

    private Chromium(Path executable, List<String> arguments) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(Stream.concat(ARGUMENTS.stream(), arguments.stream())
                                .toList()));
    }

    /**
     * The program without a user interface. Skips the test where there is none; on a build server it fails.
     *
     * @param arguments for the browser, in addition to the usual ones
     */
    static Chromium launch(String... arguments) {
        return launched(HEADLESS_SHELL, arguments);
    }

    /** The browser that people use, otherwise as {@link #launch}. */
    static Chromium launchWholeBrowser(String... arguments) {
        return launched(WHOLE_BROWSER, arguments);
    }

    private static Chromium launched(String debianPackage, String... arguments) {
        Path executable = Path.of("/usr/bin", debianPackage);
        boolean installed = Files.isExecutable(executable);
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed)
                    .as("Debian's package %s is installed", debianPackage)
                    .isTrue();
        }
        assumeTrue(installed, () -> "needs Debian's package " + debianPackage);
        return new Chromium(executable, List.of(arguments));
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
