package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.resound.test.ForeignProgram;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import dev.resound.test.TestTransport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page over https in Chromium and in Firefox: both load it and open its WebSocket over HTTP/2. */
@Timeout(120)
class TlsPageIT {

    private static final String HTTP_VERSION = "performance.getEntriesByType('navigation')[0].nextHopProtocol";

    private static Chromium chromium;

    private final List<String> complaints = new ArrayList<>();
    private RunningResound resound;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launchWholeBrowser();
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void start() {
        resound = RunningResound.start(TestTransport.HTTP2, "drain.delay", "0s", "drain.period", "0s");
    }

    @AfterEach
    void stop() {
        resound.close();
        assertThat(complaints).isEmpty();
    }

    private Page open(BrowserContext context) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.navigate(resound.page().toString());
        assertThat(page.evaluate(HTTP_VERSION)).isEqualTo("h2");
        return page;
    }

    private static BrowserContext context() {
        return chromium.browser().newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
    }

    private static void connect(Page page) {
        page.locator("#connectButton").click();
        assertThat(page.locator("#stateLabel")).hasText("Open");
    }

    private static void echo(Page page, String message) {
        page.locator("#sendMessage").fill(message);
        page.locator("#sendButton").click();
        assertThat(page.locator("#commsLog tr").last()).containsText("Server");
        assertThat(page.locator("#commsLog tr").last()).containsText(message);
    }

    private void awaitClosed(String cause, int connections) {
        MetricsPage.await(
                resound,
                metrics -> metrics.value("websocket_connections_closed_total{http=\"2\",cause=\"" + cause + "\"}")
                        == connections);
    }

    /** Whether the last message and its echo share a line of the log. */
    private static final String ON_ONE_LINE = """
            (() => {
              const [echo, sent] = [...document.querySelectorAll('#commsLog tr')].reverse();
              return echo.matches('.echo') && echo.getBoundingClientRect().top === sent.getBoundingClientRect().top;
            })()""";

    @Test
    void the_page_talks_wss() {
        try (BrowserContext context = context()) {
            Page page = open(context);
            assertThat(page.locator("#connectionUrl")).hasValue("wss://127.0.0.1:" + resound.port() + "/ws");
            page.locator("#protocolChoice").selectOption("resound.echo.v1");
            connect(page);
            page.locator("#details summary").click();
            assertThat(page.locator("#detailsList")).containsText("Page loaded overHTTP/2");
            assertThat(page.locator("#detailsList")).containsText("WebSocket overHTTP/2");
            page.locator("#explainGroup summary").click();
            page.locator("#explainButton").click();
            assertThat(page.locator("#explainAnswer")).containsText("over HTTP/2: CONNECT with :protocol websocket");
            assertThat(page.locator("#explainAnswer")).containsText("200 accepted");
            echo(page, "hello over TLS");
            page.locator("#closeButton").click();
            assertThat(page.locator("#commsLog tr").last()).containsText("Code: 1000. Reason: Closing from client");
            awaitClosed("client", 1);
        }
    }

    @Test
    void the_page_and_its_websockets_share_one_connection() throws Exception {
        try (BrowserContext context = context()) {
            Page first = open(context);
            connect(first);
            Page second = open(context);
            connect(second);
            echo(first, "of the first page");
            echo(second, "of the second page");
            assertThat(ForeignProgram.run("ss", "-Htn", "state", "established", "sport", "=", ":" + resound.port())
                            .output()
                            .lines())
                    .hasSize(1);
        }
    }

    @Test
    void the_page_shows_the_drain() {
        try (BrowserContext context = context()) {
            Page page = open(context);
            connect(page);
            echo(page, "before the drain");
            resound.main().drain();
            assertThat(page.locator("#commsLog")).containsText("Code: 1001. Reason: server draining");
            awaitClosed("drain", 1);
        }
    }

    @Test
    void firefox_echoes_closes_and_shows_the_drain() throws Exception {
        try (Firefox firefox = Firefox.launch()) {
            firefox.open(resound.page());
            assertThat(firefox.evaluate(HTTP_VERSION)).isEqualTo("h2");
            firefox.click("#connectButton");
            firefox.awaitText("#stateLabel", "Open");
            firefox.fill("#sendMessage", "hello from Firefox");
            firefox.click("#sendButton");
            firefox.awaitText("#commsLog tr:last-child", "ServerClienthello from Firefox");
            assertThat(firefox.evaluate(ON_ONE_LINE)).isEqualTo(true);
            firefox.click("#closeButton");
            firefox.awaitText("#commsLog tr:last-child", "Code: 1000. Reason: Closing from client");
            awaitClosed("client", 1);

            firefox.click("#connectButton");
            firefox.awaitText("#stateLabel", "Open");
            resound.main().drain();
            firefox.awaitText("#commsLog", "Code: 1001. Reason: server draining");
            awaitClosed("drain", 1);
            assertThat(firefox.complaints()).isEmpty();
        }
    }
}
