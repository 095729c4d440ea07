package dev.resound.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.resound.test.RunningResound;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The client page in a real Chromium, against the real service. */
class PageIT {

    private static final double PATIENCE_MILLIS = 30_000;
    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final int FINAL_TEXT = 0x81;

    private static Chromium chromium;
    private static RunningResound resound;

    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> sockets = new ArrayList<>();
    private final List<String> pages = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        resound = RunningResound.start();
    }

    @AfterAll
    static void stop() {
        if (resound != null) {
            resound.close();
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        open(new Browser.NewContextOptions().setViewportSize(1024, 720));
        visit(resound);
    }

    private void open(Browser.NewContextOptions options) {
        context = chromium.browser().newContext(options);
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.onRequest(request -> requests.add(request.url()));
        page.onWebSocket(socket -> sockets.add(socket.url()));
    }

    private void visit(RunningResound server) {
        pages.add(server.page().toString());
        page.navigate(server.page().toString());
    }

    @AfterEach
    void nothing_was_wrong_in_the_browser() {
        if (page == null) {
            return;
        }
        context.close();
        // Chromium itself reports each failed handshake.
        assertThat(complaints).allMatch(text -> text.startsWith("WebSocket connection to"));
        assertThat(requests).isNotEmpty().allMatch(url -> pages.stream().anyMatch(url::startsWith));
    }

    // The reference's elements.

    @Test
    void the_page_is_ready_to_connect_to_its_own_server() {
        assertThat(byId("stateLabel")).hasText("Ready to connect...");
        assertThat(byId("connectionUrl")).hasValue(resound.webSocket().toString());
        assertThat(byId("connectButton")).hasText("Connect");
        assertThat(byId("sendButton")).hasText("Send");
        assertThat(byId("closeButton")).hasText("Close Socket");
        assertThat(page.getByLabel("WebSocket Server URL:")).hasId("connectionUrl");
        assertThat(page.getByLabel("Message to send:")).hasId("sendMessage");
        assertThat(byId("commsLog").locator("tr")).hasCount(0);
        assertCanConnect();
        shot("ready");
    }

    @Test
    void a_conversation_is_logged_as_the_reference_logs_it() {
        connect();
        assertThat(byId("stateLabel")).hasText("Open");
        send("hello");
        assertRows("Connection opened", "Client|Server|hello", "Server|Client|hello");
        byId("closeButton").click();
        assertRows(
                "Connection opened",
                "Client|Server|hello",
                "Server|Client|hello",
                "Connection closed. Code: 1000. Reason: Closing from client");
        assertThat(byId("stateLabel")).hasText("Closed");
        assertCanConnect();
    }

    @Test
    void each_row_has_its_time_and_an_echo_how_long_it_took() {
        connect();
        send("hello");
        Locator echo = rows().nth(2);
        assertThat(echo.locator("time")).hasText(Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}"));
        assertThat(echo.locator("small")).hasText(Pattern.compile("\\d+\\.\\d.ms"));
        assertThat(rows().nth(1).locator("small")).hasCount(0);
    }

    @Test
    void one_can_connect_again_after_closing() {
        connect();
        byId("closeButton").click();
        assertThat(byId("stateLabel")).hasText("Closed");
        connect();
        send("again");
        assertThat(rows().last().locator("td").nth(2)).hasText("again");
    }

    // Sending.

    @Test
    void enter_connects_and_sends_and_the_box_is_ready_for_the_next_message() {
        byId("connectionUrl").press("Enter");
        assertThat(byId("sendMessage")).isFocused();
        page.keyboard().type("one");
        page.keyboard().press("Enter");
        assertThat(byId("sendMessage")).hasValue("");
        assertThat(byId("sendMessage")).isFocused();
        page.keyboard().type("two");
        byId("sendButton").click();
        assertThat(byId("sendMessage")).isFocused();
        assertRows(
                "Connection opened",
                "Client|Server|one",
                "Server|Client|one",
                "Client|Server|two",
                "Server|Client|two");
    }

    @Test
    void binary_is_shown_as_bytes() {
        connect();
        page.getByLabel("binary").check();
        send("h\u00e9");
        assertRows(
                "Connection opened",
                "Client|Server|binary, 3 bytes: 68 c3 a9",
                "Server|Client|binary, 3 bytes: 68 c3 a9");
    }

    @Test
    void an_empty_message_is_a_message() {
        connect();
        byId("sendButton").click();
        assertRows("Connection opened", "Client|Server|empty text message", "Server|Client|empty text message");
        page.getByLabel("binary").check();
        byId("sendButton").click();
        assertThat(rows().nth(4).locator("td").nth(2)).hasText("binary, 0 bytes");
    }

    @Test
    void what_looks_like_html_is_shown_as_text() {
        connect();
        String html = "<img src=x onerror=alert(1)> & \"quotes\" 'too' <b>";
        send(html);
        assertThat(rows().nth(2).locator("td").nth(2)).hasText(html);
        assertThat(byId("commsLog").locator("img, b")).hasCount(0);
    }

    @Test
    void a_long_message_is_shown_in_part() {
        connect();
        send("x".repeat(5000));
        assertThat(rows().nth(2).locator("td").nth(2))
                .hasText(Pattern.compile("^x{2000}\u2026 \\(5000 characters in all\\)$"));
    }

    // The reference's defects, mended.

    @Test
    void a_double_click_on_connect_makes_one_socket() {
        byId("connectButton").dblclick();
        send("hello");
        assertThat(rows()).hasCount(3);
        assertThat(sockets).containsExactly(resound.webSocket().toString());
    }

    @Test
    void while_connecting_nothing_can_be_pressed() throws IOException {
        try (var peer = new BadPeer()) {
            byId("connectionUrl").fill(peer.url());
            byId("connectButton").click();
            assertThat(byId("stateLabel")).hasText("Connecting...");
            assertAllDisabled();
            page.evaluate("document.getElementById('connectForm').requestSubmit()");
            assertThat(sockets).hasSize(1);
            shot("connecting");
        }
    }

    @Test
    void while_closing_nothing_can_be_pressed() throws IOException {
        try (var peer = new BadPeer()) {
            byId("connectionUrl").fill(peer.url());
            byId("connectButton").click();
            try (Socket mute = peer.accept()) {
                byId("closeButton").click();
                assertThat(byId("stateLabel")).hasText("Closing...");
                assertAllDisabled();
                assertThat(mute.isConnected()).isTrue();
                shot("closing");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                             Enter the URL",
        "hello,                          This is not a URL",
        "http://localhost/ws,            must begin with ws:// or wss://",
        "javascript:alert(1),            must begin with ws:// or wss://",
        "ws://localhost/ws#part,         has no fragment",
        "ws://localhost:99999/ws,        This is not a URL",
    })
    void a_bad_url_is_said_to_be_bad(String url, String problem) {
        byId("connectionUrl").fill(url);
        byId("connectButton").click();
        assertThat(byId("urlProblem")).containsText(problem);
        assertThat(byId("connectionUrl")).hasAttribute("aria-invalid", "true");
        assertThat(byId("stateLabel")).hasText("Ready to connect...");
        assertCanConnect();
        assertThat(sockets).isEmpty();
        shot("bad-url");
        byId("connectionUrl").fill(resound.webSocket().toString());
        connect();
        assertThat(byId("urlProblem")).isEmpty();
    }

    @Test
    void the_log_keeps_the_last_thousand_rows() throws IOException {
        try (var peer = new BadPeer()) {
            byId("connectionUrl").fill(peer.url());
            byId("connectButton").click();
            try (Socket flood = peer.accept()) {
                for (int i = 1; i <= 1500; i++) {
                    BadPeer.frame(flood, FINAL_TEXT, ("message " + i).getBytes(StandardCharsets.UTF_8));
                }
                assertThat(rows().last()).containsText("message 1500");
            }
        }
        assertThat(byId("stateLabel")).hasText("Closed");
        assertThat(rows()).hasCount(1000);
        assertThat(byId("logNote")).hasText("503 older rows dropped");
        assertThat(rows().last()).isInViewport();
        byId("clearButton").click();
        assertThat(rows()).hasCount(0);
        assertThat(byId("logNote")).isEmpty();
    }

    @Test
    void who_scrolled_up_in_the_log_stays_there() {
        connect();
        for (int i = 1; i <= 30; i++) {
            send("message " + i);
        }
        assertThat(rows().last()).containsText("message 30");
        assertThat(rows().last()).isInViewport();
        rows().nth(5).scrollIntoViewIfNeeded();
        send("one more");
        assertThat(rows().last()).containsText("one more");
        assertThat(rows().nth(5)).isInViewport();
        assertThat(rows().last()).not().isInViewport();
    }

    // Ping messages.

    @Test
    void a_ping_message_goes_out_every_x_and_is_counted_instead_of_logged() {
        connect();
        byId("pingSeconds").fill("1");
        byId("pingSwitch").check();
        assertThat(byId("pingCount")).containsText("2 sent, 2 answered, the last in");
        shot("pings");
        assertThat(rows()).hasCount(1);
        byId("pingSwitch").uncheck();
        String count = byId("pingCount").textContent();
        page.waitForTimeout(1500);
        assertThat(byId("pingCount")).hasText(count);
    }

    @Test
    void ping_messages_begin_with_the_connection_when_they_are_switched_on_before() {
        byId("pingSeconds").fill("1");
        byId("pingSwitch").check();
        connect();
        assertThat(byId("pingCount")).containsText("1 sent, 1 answered");
        byId("closeButton").click();
        assertThat(byId("stateLabel")).hasText("Closed");
    }

    @Test
    void a_ping_interval_that_is_none_is_said_to_be_none() {
        connect();
        byId("pingSwitch").check();
        byId("pingSeconds").fill("0");
        assertThat(byId("pingCount")).hasText("Choose 1 to 3600 whole seconds.");
        byId("pingSeconds").fill("5");
        assertThat(byId("pingCount")).isEmpty();
    }

    // The server's side of the end.

    @Test
    void a_refused_origin_is_among_the_reasons_given() {
        try (var strict = RunningResound.start("websocket.allowed-origins", "https://elsewhere.example")) {
            visit(strict);
            byId("connectButton").click();
            assertNeverOpened();
            shot("refused");
        }
    }

    @Test
    void a_server_that_is_not_there_is_among_the_reasons_given() throws IOException {
        String url;
        try (var peer = new BadPeer()) {
            url = peer.url();
        }
        byId("connectionUrl").fill(url);
        byId("connectButton").click();
        assertNeverOpened();
    }

    @Test
    void a_server_that_is_gone_is_told_in_words() throws IOException {
        try (var peer = new BadPeer()) {
            byId("connectionUrl").fill(peer.url());
            byId("connectButton").click();
            peer.accept().close();
            assertRows(
                    "Connection opened",
                    "Connection closed. Code: 1006. Reason: ",
                    "The connection was cut without a close: the server is gone, or a proxy or the network in between ended it.");
            assertCanConnect();
        }
    }

    @Test
    void a_draining_server_is_told_in_words() {
        try (var leaving = RunningResound.start("drain.period", "100ms")) {
            visit(leaving);
            connect();
            var drained = leaving.main().drain();
            assertThat(rows().nth(1).locator("td").first())
                    .hasText("Connection closed. Code: 1001. Reason: server draining");
            assertThat(rows().nth(2)).containsText("The server is draining");
            drained.await();
            shot("drained");
        }
    }

    // How it looks.

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void every_text_has_enough_contrast(ColorScheme scheme) throws IOException {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        converse();
        assertThat((List<?>) page.evaluate(CONTRASTS_BELOW_AA)).isEmpty();
        shot("conversation-" + scheme.name().toLowerCase(Locale.ROOT));
        byId("closeButton").click();
        assertThat(byId("stateLabel")).hasText("Closed");
        byId("connectionUrl").fill("nonsense");
        byId("connectButton").click();
        assertThat((List<?>) page.evaluate(CONTRASTS_BELOW_AA)).isEmpty();
        shot("closed-" + scheme.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void light_and_dark_differ() {
        String background = "getComputedStyle(document.body).backgroundColor";
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        Object light = page.evaluate(background);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.evaluate(background)).isNotEqualTo(light);
    }

    @ParameterizedTest
    @CsvSource({"320, 640", "390, 844", "1440, 900"})
    void the_page_fits_the_screen(int width, int height) {
        page.setViewportSize(width, height);
        converse();
        shot("width-" + width);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        assertThat((Boolean) page.evaluate("logScroll.scrollWidth <= logScroll.clientWidth"))
                .isTrue();
    }

    private void converse() {
        connect();
        send("Hello, Resound");
        send(
                "{\"type\":\"subscribe\",\"channels\":[\"prices\",\"orders\",\"a-rather-long-name-that-has-to-wrap-somewhere\"]}");
        page.getByLabel("binary").check();
        send("some bytes");
        page.getByLabel("text", new Page.GetByLabelOptions().setExact(true)).check();
        assertThat(rows()).hasCount(7);
    }

    private void connect() {
        byId("connectButton").click();
        assertThat(byId("stateLabel")).hasText("Open");
    }

    private void send(String text) {
        byId("sendMessage").fill(text);
        byId("sendButton").click();
    }

    private Locator byId(String id) {
        return page.locator("#" + id);
    }

    private Locator rows() {
        return byId("commsLog").locator("tr");
    }

    private void assertRows(String... expected) {
        assertThat(rows()).hasCount(expected.length);
        Object texts = rows().evaluateAll(
                        "rows => rows.map(row => [...row.cells].slice(0, -1).map(cell => cell.textContent).join('|'))");
        assertThat((List<?>) texts).isEqualTo(List.of(expected));
    }

    private void assertNeverOpened() {
        assertThat(rows()).hasCount(2);
        assertThat(rows().first().locator("td").first()).hasText("Connection closed. Code: 1006. Reason:");
        assertThat(rows().last()).containsText("no server there");
        assertThat(rows().last()).containsText("origin");
        assertThat(byId("stateLabel")).hasText("Closed");
        assertCanConnect();
    }

    private void assertCanConnect() {
        assertThat(byId("connectionUrl")).isEnabled();
        assertThat(byId("connectButton")).isEnabled();
        assertThat(byId("sendMessage")).isDisabled();
        assertThat(byId("sendButton")).isDisabled();
        assertThat(byId("closeButton")).isDisabled();
    }

    private void assertAllDisabled() {
        for (String id : List.of("connectionUrl", "connectButton", "sendMessage", "sendButton", "closeButton")) {
            assertThat(byId(id)).isDisabled();
        }
    }

    private void shot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** All texts whose contrast with what lies behind them is below 4.5 to 1 (WCAG 2.2, 1.4.3). */
    private static final String CONTRASTS_BELOW_AA = """
            () => {
              const channels = (color) => color.match(/[\\d.]+/g).map(Number);
              const luminance = ([r, g, b]) => {
                const [R, G, B] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * R + 0.7152 * G + 0.0722 * B;
              };
              const ground = (element) => {
                const color = channels(getComputedStyle(element).backgroundColor);
                return color.length === 4 && color[3] === 0 ? ground(element.parentElement) : color;
              };
              const hasText = (element) =>
                element.matches('input') || [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
              return [...document.body.querySelectorAll('*')]
                .filter((element) => hasText(element) && element.checkVisibility({ visibilityProperty: true }))
                .map((element) => {
                  const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
                  return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 80)];
                })
                .filter(([contrast]) => contrast < 4.5)
                .map(([contrast, html]) => `${contrast.toFixed(2)} ${html}`);
            }
            """;
}
