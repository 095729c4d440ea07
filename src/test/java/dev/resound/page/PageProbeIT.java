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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The idle probe: through real proxies in seconds, and through made-up networks for 20 minutes of made-up time. */
@Timeout(120)
class PageProbeIT {

    private static final int IDLE_SECONDS = 2;
    private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
            new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

    @RegisterExtension
    static final ClientPage client = new ClientPage("websocket.trusted-proxies", "127.0.0.1");

    @TempDir
    private Path directory;

    // Real connections.

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

    // Made-up networks.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60   | closed | nginx, ingress-nginx (60 s; proxy_read_timeout | without a Close frame (code 1006)",
                "50   | closed | haproxy as Debian configures it                | Seen on",
                "100  | closed | Cloudflare (100 s                              | Traffic in either direction",
                "350  | closed | AWS Network Load Balancer                      | at least every 2 min 50 s",
                "240  | silent | Azure Load Balancer                            | Neither side is told",
                "350  | reset  | AWS Network Load Balancer                      | until the next message, which ends it",
                "600  | silent | AWS API Gateway                                | No maximum age",
                "1000 | closed | No known default matches                       | Seen on one connection only",
            })
    void it_finds_an_idle_timeout_and_names_what_has_it_by_default(int idle, String how, String match, String note)
            throws IOException {
        Map<?, ?> result = run(Map.of("idle", idle, "how", how));
        assertThat(text(result))
                .contains("Something between this browser and the server closes idle connections after", match, note);
        double from = number(result, "from");
        double to = number(result, "to");
        assertThat(from).isLessThanOrEqualTo(idle + 1.0);
        assertThat(to).isGreaterThanOrEqualTo(idle);
        assertThat(to / from).as("from %s to %s", from, to).isLessThan(idle < 600 ? 1.08 : 1.2);
        assertThat(number(result, "mostOpen")).isLessThanOrEqualTo(12);
        assertThat(number(result, "connections")).isLessThanOrEqualTo(44);
        assertThat(number(result, "stillOpen")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"30, closed, Google Cloud Application Load Balancer", "200, silent, nobody closed"})
    void it_tells_a_maximum_age_from_an_idle_timeout(int age, String how, String expected) throws IOException {
        Map<?, ?> result = run(Map.of("age", age, "how", how));
        assertThat(text(result)).startsWith("Connections end at an age of").contains(expected);
        assertThat(number(result, "to")).isZero();
        assertThat(number(result, "seconds")).isLessThan(age * 2.5);
    }

    @Test
    void it_finds_both() throws IOException {
        assertThat(text(run(Map.of("idle", 60, "age", 300))))
                .contains("closes idle connections after 60 s", "Connections end at an age of 5 min");
    }

    @ParameterizedTest
    @CsvSource({
        "up, 'Messages of the client alone keep it open. Messages of the server alone do not keep it open.'",
        "down, 'Messages of the client alone do not keep it open. Messages of the server alone keep it open.'"
    })
    void it_finds_out_which_direction_counts(String only, String expected) throws IOException {
        assertThat(text(run(Map.of("idle", 60, "only", only)))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"closed, 7", "silent, 2"})
    void an_outage_is_no_timeout(String how, int least) throws IOException {
        Map<?, ?> result = run(Map.of("outage", 100, "how", how));
        assertThat(text(result)).startsWith("Nothing closes connections").contains("this is no timeout");
        assertThat(number(result, "shaken")).isGreaterThanOrEqualTo(least);
    }

    @Test
    void connections_that_end_while_the_computer_sleeps_do_not_count() throws IOException {
        Map<?, ?> result = run(Map.of("idle", 60, "sleep", Map.of("at", 30, "seconds", 120)));
        assertThat(text(result)).contains("after 60 s", "stood still for 2 min");
        assertThat(text(run(Map.of("sleep", Map.of("at", 30, "seconds", 120))))).startsWith("Nothing closes");
    }

    @Test
    void one_connection_that_ends_early_is_no_timeout() throws IOException {
        assertThat(text(run(Map.of("odd", 42))))
                .startsWith("Nothing closes connections")
                .contains("1 connection ended earlier than others: after 42 s");
    }

    @Test
    void a_close_frame_tells_that_the_server_or_its_gateway_has_closed() throws IOException {
        assertThat(text(run(Map.of("idle", 600, "code", 1001, "reason", "Going away"))))
                .startsWith("The server, or a gateway that answers for it, closes idle connections after 10 min")
                .contains("AWS API Gateway", "code 1001, reason \u201cGoing away\u201d");
    }

    @Test
    void where_the_server_keeps_pinging_the_result_says_so() throws IOException {
        assertThat(text(run(Map.of("refused", "keep-alive=off"))))
                .contains("The server pings every 25 s. It refused to turn them off");
        assertThat(text(run(Map.of("isResound", false, "idle", 55))))
                .startsWith("The server, or something between this browser and it, closes idle connections after 55 s")
                .contains("No page can see pings");
    }

    private static Map<?, ?> run(Map<String, ?> network) throws IOException {
        String script = Files.readString(Path.of("src/test/resources/page/idle-network.js"));
        return (Map<?, ?>) client.page().evaluate(script.substring(script.indexOf("async")), network);
    }

    private static String text(Map<?, ?> result) {
        return String.valueOf(result.get("text"));
    }

    private static double number(Map<?, ?> result, String name) {
        return Double.parseDouble(String.valueOf(result.get(name)));
    }
}
