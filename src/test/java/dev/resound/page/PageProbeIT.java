package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.resound.test.FreePort;
import dev.resound.test.MetricsPage;
import dev.resound.test.Proxy;
import dev.resound.test.ReadmeSnippet;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The idle probe in a real page, through real proxies, in seconds. */
@Timeout(120)
class PageProbeIT {

    private static final int IDLE_SECONDS = 2;
    private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
            new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

    @RegisterExtension
    static final ClientPage client = new ClientPage("websocket.trusted-proxies", "127.0.0.1");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "haproxy"})
    void it_finds_the_idle_timeout_of_a_proxy_and_which_traffic_counts(String name) throws Exception {
        int port = FreePort.next();
        try (Proxy proxy = proxy(name, port)) {
            client.page().setViewportSize(360, 780);
            client.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            client.visit("http://127.0.0.1:" + port + "/");
            start("0.3");
            assertThat(client.byId("probeSentence"))
                    .containsText("Something between this browser and the server closes idle connections", PATIENTLY);
            assertThat(client.byId("probeNotes")).containsText("without a Close frame (code 1006)");
            assertThat(client.byId("probeNotes"))
                    .containsText("Traffic in either direction keeps the connection open", PATIENTLY);
            assertThat(client.byId("probeNotes")).containsText("The server sent no pings on these connections.");
            assertThat(foundSeconds()).isBetween(IDLE_SECONDS - 0.6, IDLE_SECONDS + 2.0);
            assertThat(client.page().workers()).hasSize(1);

            client.byId("probeStop").click();
            assertThat(client.byId("probeTime")).containsText("Stopped after");
            assertThat(client.byId("probeStart")).isEnabled();
            assertThat(client.page().workers()).isEmpty();
            MetricsPage.await(
                    client.resound(), page -> page.value("websocket_connections{protocol=\"echo\",http=\"1.1\"}") == 0);
            assertThat(client.page().evaluate("document.documentElement.scrollWidth"))
                    .isEqualTo(360);
            Accessibility.assertNothingSerious(client.page());
            client.wholeShot("probe-" + name);
        }
    }

    /** The block of the documentation with a short timeout, and this service as its only server. */
    private Proxy proxy(String name, int port) throws Exception {
        ReadmeSnippet block = ReadmeSnippet.in("src/docs/proxies.md", name)
                .with(IDLE_SECONDS + "s", "60s")
                .without("resound-2:8080");
        String server = "127.0.0.1:" + client.resound().port();
        if (name.equals("nginx")) {
            return Proxy.nginx(
                    directory,
                    port,
                    block.with(server, "resound-1:8080")
                            .without("ssl_certificate")
                            .with("listen 127.0.0.1:" + port + ";", "listen 443 ssl;")
                            .text());
        }
        return Proxy.haproxy(
                directory,
                port,
                block.without("unchecked-1")
                        .without("option httpchk")
                        .without("default-server check")
                        .with(server, "resound-1:8080")
                        .with("bind 127.0.0.1:" + port, "bind :443 ssl crt /etc/haproxy/resound.pem")
                        .text());
    }

    @Test
    void without_a_proxy_it_finds_nothing() {
        start("0.1");
        assertThat(client.byId("probeSentence")).containsText("Nothing closes connections", PATIENTLY);
        assertThat(client.byId("probeTime")).containsText("Ended after");
        assertThat(client.byId("probeNotes")).containsText("No maximum age");
        assertThat(client.byId("probeRows").locator("[data-state=lost]")).hasCount(0);
    }

    @Test
    void it_finds_the_maximum_age_at_any_echo_server() {
        Vertx vertx = Vertx.vertx();
        try {
            int port = vertx.createHttpServer()
                    .webSocketHandler(socket -> {
                        socket.textMessageHandler(socket::writeTextMessage);
                        vertx.setTimer(2_000, timer -> socket.close((short) 4000, "too old"));
                    })
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
            client.byId("connectionUrl").fill("ws://127.0.0.1:" + port + "/");
            start("0.3");
            assertThat(client.byId("probeSentence")).containsText("there is a maximum age", PATIENTLY);
            assertThat(client.byId("probeNotes")).containsText("which ended with code 4000 \u201ctoo old\u201d");
            assertThat(client.byId("probeNotes")).containsText("No page can see pings");
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void a_server_that_refuses_and_one_that_does_not_echo_are_named_as_such() {
        client.byId("connectionUrl").fill("ws://127.0.0.1:1/");
        start("0.1");
        assertThat(client.byId("probeSentence")).containsText("The connection failed", PATIENTLY);
        Vertx vertx = Vertx.vertx();
        try {
            int port = vertx.createHttpServer()
                    .webSocketHandler(socket -> socket.textMessageHandler(message -> {}))
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
            client.byId("connectionUrl").fill("ws://127.0.0.1:" + port + "/");
            client.byId("probeStart").click();
            assertThat(client.byId("probeSentence")).containsText("did not echo", PATIENTLY);
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void the_result_can_be_copied_and_a_wrong_duration_is_refused() {
        client.unfold("probeGroup");
        assertThat(client.byId("probeStart")).isEnabled();
        client.byId("probeMinutes").fill("21");
        client.byId("probeStart").click();
        assertThat(client.byId("probeMinutesProblem")).hasText("Choose 0.1 to 20.");
        client.byId("probeMinutes").fill("20");
        client.byId("probeStart").click();
        assertThat(client.byId("probeRows").locator("[data-state=idle]").first())
                .isVisible();
        client.page()
                .evaluate(
                        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } })");
        client.byId("probeCopy").click();
        client.page().waitForFunction("window.copied");
        assertThat(client.page().evaluate("window.copied").toString())
                .contains("No result yet", "- " + client.webSocket());
    }

    private static void start(String minutes) {
        client.unfold("probeGroup");
        client.byId("probeMinutes").fill(minutes);
        client.byId("probeStart").click();
        assertThat(client.byId("probeStop")).isEnabled();
    }

    private static double foundSeconds() {
        Matcher found = Pattern.compile("after ([\\d.]+)\u00a0s")
                .matcher(client.byId("probeSentence").textContent());
        assertThat(found.find()).isTrue();
        return Double.parseDouble(found.group(1));
    }
}
