package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.resound.test.RunningResound;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The client page in a real Chromium, against the real service: one of both for a test class, a new page for each test, and after
 * each test a look at whether the browser had anything to complain about. To be registered as a static extension.
 */
final class ClientPage implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    private static final double PATIENCE_MILLIS = 30_000;
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private final String[] settings;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> sockets = new ArrayList<>();
    private final List<String> pages = new ArrayList<>();
    private @Nullable Chromium chromium;
    private @Nullable RunningResound resound;
    private @Nullable BrowserContext context;
    private @Nullable Page page;

    /** @param settings of the service, as for {@link RunningResound#start} */
    ClientPage(String... settings) {
        this.settings = settings.clone();
    }

    @Override
    public void beforeAll(ExtensionContext test) {
        chromium = Chromium.launch();
        resound = RunningResound.start(settings);
    }

    @Override
    public void afterAll(ExtensionContext test) {
        if (resound != null) {
            resound.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        List.of(complaints, requests, sockets, pages).forEach(List::clear);
        context = there(chromium).browser().newContext(new Browser.NewContextOptions().setViewportSize(1024, 720));
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.onRequest(request -> requests.add(request.url()));
        page.onWebSocket(socket -> sockets.add(socket.url()));
        open("");
    }

    @Override
    public void afterEach(ExtensionContext test) {
        there(context).close();
        // Chromium itself reports each failed handshake, and each question about one that is not answered with 2xx.
        assertThat(complaints)
                .allMatch(text ->
                        text.startsWith("WebSocket connection to") || text.startsWith("Failed to load resource"));
        assertThat(requests)
                .isNotEmpty()
                .allMatch(url -> url.startsWith("blob:") || pages.stream().anyMatch(url::startsWith));
    }

    /** Loads the page of the service, with a query that begins with {@code ?}, or none. */
    void open(String query) {
        visit(resound(), query);
    }

    void visit(RunningResound server, String query) {
        pages.add(server.page().toString());
        page().navigate(server.page() + query);
    }

    /** Loads the page through a proxy. */
    void visit(String url) {
        pages.add(url);
        page().navigate(url);
    }

    RunningResound resound() {
        return there(resound);
    }

    Page page() {
        return there(page);
    }

    URI webSocket() {
        return resound().webSocket();
    }

    /** The URLs to which the page has tried to connect. */
    List<String> sockets() {
        return sockets;
    }

    Locator byId(String id) {
        return page().locator("#" + id);
    }

    Locator rows() {
        return byId("commsLog").locator("tr");
    }

    void connect() {
        byId("connectButton").click();
        assertThat(byId("stateLabel")).hasText("Open");
    }

    void connectTo(String url) {
        byId("connectionUrl").fill(url);
        byId("connectButton").click();
    }

    void send(String text) {
        byId("sendMessage").fill(text);
        byId("sendButton").click();
    }

    /** Opens one of the groups of tools. */
    void unfold(String id) {
        byId(id).locator("summary").click();
    }

    /** Calls a function of one of the page's modules: {@code "(module, argument) => ..."}. */
    Object inModule(String file, String function, @Nullable Object argument) {
        return page().evaluate(
                        "async ([file, argument]) => (" + function + ")(await import(file), argument)",
                        Arrays.asList("/" + file, argument));
    }

    void assertRows(String... expected) {
        assertThat(rows()).hasCount(expected.length);
        Object texts = rows().evaluateAll(
                        "rows => rows.map(row => [...row.cells].slice(0, -1).map(cell => cell.textContent).join('|'))");
        assertThat((List<?>) texts).isEqualTo(List.of(expected));
    }

    void assertCanConnect() {
        assertThat(byId("connectionUrl")).isEnabled();
        assertThat(byId("connectButton")).isEnabled();
        assertThat(byId("sendMessage")).isDisabled();
        assertThat(byId("sendButton")).isDisabled();
        assertThat(byId("closeButton")).isDisabled();
    }

    void assertAllDisabled() {
        for (String id : List.of("connectionUrl", "connectButton", "sendMessage", "sendButton", "closeButton")) {
            assertThat(byId(id)).isDisabled();
        }
    }

    void shot(String name) {
        page().screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** Also what one has to scroll to. */
    void wholeShot(String name) {
        page().screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    private static <T> T there(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("only while a test runs");
        }
        return part;
    }
}
