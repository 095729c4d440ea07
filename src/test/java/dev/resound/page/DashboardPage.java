package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.resound.test.RunningResound;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dashboard in a window of a real browser. Closing it fails where the browser has complained of anything. */
final class DashboardPage implements AutoCloseable {

    private static final double PATIENCE_MILLIS = 30_000;

    private final List<String> complaints = new ArrayList<>();
    private final BrowserContext context;
    private final Page page;

    private DashboardPage(Chromium chromium) {
        context = chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(1280, 900));
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
    }

    /** The dashboard that a server serves, for the WebSockets at these URLs; without any, for its own. */
    static DashboardPage open(Chromium chromium, RunningResound server, Object... urls) {
        return at(chromium, server.page() + "dashboard", urls);
    }

    /** The same at a URL of its own. */
    static DashboardPage at(Chromium chromium, String page, Object... urls) {
        var dashboard = new DashboardPage(chromium);
        String query = Stream.of(urls)
                .map(url -> "url=" + URLEncoder.encode(url.toString(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
        dashboard.page.navigate(page + (urls.length == 0 ? "" : query));
        return dashboard;
    }

    Page page() {
        return page;
    }

    /** Lets the page connect to the servers of other origins, as somebody does who has followed a link. */
    DashboardPage allowAll() {
        Locator waiting = page.locator("[data-slot=connect]:visible");
        assertThat(waiting).not().hasCount(0);
        while (waiting.count() > 0) {
            waiting.first().click();
        }
        return this;
    }

    Locator panels() {
        return page.locator(".panel");
    }

    /** The only panel, or the first. */
    Locator panel() {
        return panels().first();
    }

    /** A part of the only panel by its name. */
    Locator slot(String name) {
        return panel().locator("[data-slot=%s]".formatted(name));
    }

    void expectState(String state) {
        assertThat(slot("state")).hasText(state);
    }

    /** The number above the charts that has this name. */
    void expectFact(String name, String text) {
        assertThat(panel().locator(".facts div")
                        .filter(new Locator.FilterOptions().setHas(page.locator("dt", exactly(name))))
                        .locator("dd"))
                .hasText(text);
    }

    private static Page.LocatorOptions exactly(String text) {
        return new Page.LocatorOptions().setHasText(Pattern.compile("^" + text + "$"));
    }

    /** The text beside a chart: what a series of it is now. */
    void expectNow(String chart, String series, String text) {
        assertThat(series(chart, series).locator(".now")).hasText(text);
    }

    /** The text beside a chart: what a series of it is since the server's start. */
    void expectTotal(String chart, String series, String text) {
        assertThat(series(chart, series).locator(".total")).hasText(text + " total");
    }

    private Locator series(String chart, String series) {
        return panel().locator("figure[data-chart=%s] li[data-series=%s]".formatted(chart, series));
    }

    void shot(String name) {
        Path file = Path.of("target/screenshots", "dashboard-" + name + ".png");
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
    }

    @Override
    public void close() {
        context.close();
        // Chromium itself reports each failed handshake.
        assertThat(complaints).allMatch(text -> text.startsWith("WebSocket connection to"));
    }
}
