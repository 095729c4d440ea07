package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page over https in a real Chromium: it and its WebSocket come over HTTP/2. */
class TlsPageIT {

    @TempDir
    private static Path directory;

    @Test
    void the_page_talks_wss() {
        try (Chromium chromium = Chromium.launch();
                var resound = RunningResound.start(
                        TestCertificate.ec(directory, "resound").settings());
                BrowserContext context =
                        chromium.browser().newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true))) {
            List<String> complaints = new ArrayList<>();
            Page page = context.newPage();
            page.onConsoleMessage(message -> complaints.add(message.text()));
            page.onPageError(complaints::add);

            page.navigate(resound.page().toString());

            assertThat(page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"))
                    .isEqualTo("h2");
            assertThat(page.locator("#connectionUrl")).hasValue("wss://127.0.0.1:" + resound.port() + "/ws");
            page.locator("#protocolChoice").selectOption("resound.echo.v1");
            page.locator("#connectButton").click();
            assertThat(page.locator("#stateLabel")).hasText("Open");
            page.locator("#details summary").click();
            assertThat(page.locator("#detailsList")).containsText("Page loaded overHTTP/2");
            assertThat(page.locator("#detailsList")).containsText("WebSocket overHTTP/2");
            page.locator("#explainGroup summary").click();
            page.locator("#explainButton").click();
            assertThat(page.locator("#explainAnswer")).containsText("over HTTP/2: CONNECT with :protocol websocket");
            assertThat(page.locator("#explainAnswer")).containsText("200 accepted");
            page.locator("#sendMessage").fill("hello over TLS");
            page.locator("#sendButton").click();
            assertThat(page.locator("#commsLog tr")).hasCount(4);
            assertThat(page.locator("#commsLog tr").last()).containsText("hello over TLS");
            page.locator("#closeButton").click();
            assertThat(page.locator("#stateLabel")).hasText("Closed");
            MetricsPage.await(
                    resound, metrics -> metrics.value("websocket_connections_closed_total{cause=\"client\"}") == 1);
            assertThat(complaints).isEmpty();
        }
    }
}
