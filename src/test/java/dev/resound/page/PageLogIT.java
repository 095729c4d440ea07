package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.FilePayload;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log of the client page: what its rows say, how many there are, its filter and its export. */
class PageLogIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    private static final int FINAL_TEXT = 0x81;

    @Test
    void each_row_has_its_time_and_an_echo_how_long_it_took() {
        client.connect();
        client.send("hello");
        Locator echo = client.rows().nth(2);
        assertThat(echo.locator("time")).hasText(Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}"));
        assertThat(echo.locator("small")).hasText(Pattern.compile("\\d+\\.\\d.ms"));
        assertThat(client.rows().nth(1).locator("small")).hasCount(0);
    }

    @Test
    void what_looks_like_html_is_shown_as_text() {
        client.connect();
        String html = "<img src=x onerror=alert(1)> & \"quotes\" 'too' <b>";
        client.send(html);
        assertThat(client.rows().nth(2).locator("td").nth(2)).hasText(html);
        assertThat(client.byId("commsLog").locator("img, b")).hasCount(0);
    }

    @Test
    void a_long_message_is_shown_in_part() {
        client.connect();
        client.send("x".repeat(5000));
        assertThat(client.rows().nth(2).locator("td").nth(2))
                .hasText(Pattern.compile("^x{2000}\u2026 \\(5000 characters in all\\)$"));
    }

    @Test
    void the_log_keeps_the_last_thousand_rows() throws IOException {
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            try (Socket flood = peer.accept()) {
                for (int i = 1; i <= 1500; i++) {
                    BadPeer.frame(flood, FINAL_TEXT, ("message " + i).getBytes(StandardCharsets.UTF_8));
                }
                assertThat(client.rows().last()).containsText("message 1500");
            }
        }
        assertThat(client.byId("stateLabel")).hasText("Closed");
        assertThat(client.rows()).hasCount(1000);
        assertThat(client.byId("logNote")).hasText("504 older rows dropped");
        assertThat(client.rows().last()).isInViewport();
        client.byId("clearButton").click();
        assertThat(client.rows()).hasCount(0);
        assertThat(client.byId("logNote")).isEmpty();
    }

    @Test
    void who_scrolled_up_in_the_log_stays_there() {
        client.connect();
        for (int i = 1; i <= 30; i++) {
            client.send("message " + i);
        }
        assertThat(client.rows().last()).containsText("message 30");
        assertThat(client.rows().last()).isInViewport();
        client.rows().nth(5).scrollIntoViewIfNeeded();
        client.send("one more");
        assertThat(client.rows().last()).containsText("one more");
        assertThat(client.rows().nth(5)).isInViewport();
        assertThat(client.rows().last()).not().isInViewport();
    }

    // Filter and export.

    @Test
    void the_log_shows_only_what_the_filter_lets_through() {
        client.connect();
        client.send("alpha");
        client.page().getByLabel("binary").check();
        client.send("beta");
        assertThat(client.rows()).hasCount(5);
        client.byId("filterText").fill("ALPHA");
        assertVisible("Client Server alpha", "Server Client alpha");
        assertThat(client.byId("logNote")).hasText("3 hidden by the filter");
        client.byId("filterDirection").selectOption("received");
        assertVisible("Server Client alpha");
        client.byId("filterText").fill("");
        client.byId("filterKind").selectOption("binary");
        assertVisible("Server Client binary, 4 bytes: 62 65 74 61");
        client.byId("filterKind").selectOption("events");
        client.byId("filterDirection").selectOption("both");
        assertVisible("Connection opened");
        client.send("hidden at once");
        assertThat(client.rows()).hasCount(7);
        assertVisible("Connection opened");
        assertThat(client.byId("logNote")).hasText("6 hidden by the filter");
    }

    private static void assertVisible(String... rows) {
        Object texts = client.rows()
                .evaluateAll("rows => rows.filter(row => row.checkVisibility())"
                        + ".map(row => [...row.cells].slice(0, -1).map(cell => cell.textContent).join(' '))");
        assertThat((List<?>) texts).isEqualTo(List.of(rows));
    }

    @Test
    void the_filter_changes_nothing_about_the_bound() throws IOException {
        client.byId("filterText").fill("nothing like that");
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            try (Socket flood = peer.accept()) {
                for (int i = 1; i <= 1100; i++) {
                    BadPeer.frame(flood, FINAL_TEXT, ("message " + i).getBytes(StandardCharsets.UTF_8));
                }
                assertThat(client.byId("logNote")).hasText("101 older rows dropped, 1000 hidden by the filter");
            }
        }
        client.byId("filterText").fill("message 1100");
        assertVisible("Server Client message 1100");
    }

    @Test
    void the_log_is_exported_as_json_lines() throws IOException {
        client.connect();
        client.send("x".repeat(70_000));
        client.page().getByLabel("binary").check();
        client.send("h\u00e9");
        assertThat(client.rows()).hasCount(5);
        List<JsonObject> lines = export();
        assertThat(lines)
                .extracting(line -> line.getString("kind"))
                .containsExactly("event", "message", "message", "message", "message");
        assertThat(lines.getFirst().getString("data")).isEqualTo("Connection opened");
        JsonObject longOne = lines.get(1);
        assertThat(longOne.getString("from")).isEqualTo("Client");
        assertThat(longOne.getString("to")).isEqualTo("Server");
        assertThat(longOne.getString("type")).isEqualTo("text");
        assertThat(longOne.getInteger("size")).isEqualTo(70_000);
        assertThat(longOne.getBoolean("cut")).isTrue();
        assertThat(longOne.getString("data")).isEqualTo("x".repeat(65_536));
        assertThat(longOne.getValue("rtt")).isNull();
        JsonObject echo = lines.getLast();
        assertThat(echo.getString("type")).isEqualTo("binary");
        assertThat(echo.getString("data")).isEqualTo("68 c3 a9");
        assertThat(echo.getBoolean("cut")).isFalse();
        assertThat(echo.getDouble("rtt")).isPositive();
        assertThat(Instant.parse(echo.getString("time")))
                .isAfterOrEqualTo(Instant.parse(longOne.getString("time")))
                .isBefore(Instant.now().plusSeconds(1));
        client.byId("filterKind").selectOption("binary");
        assertThat(export()).hasSize(2);
    }

    @Test
    void an_exported_log_can_be_imported() throws IOException {
        client.connect();
        client.send("{\"a\":[1,2]}");
        client.page().getByLabel("binary").check();
        client.send("h\u00e9");
        assertThat(client.rows()).hasCount(5);
        Download download =
                client.page().waitForDownload(() -> client.byId("exportButton").click());
        Object before = texts();
        client.open("");
        importLog(Files.readAllBytes(download.path()));
        assertThat(client.rows()).hasCount(6);
        assertThat(client.rows().last()).containsText("Imported from log.jsonl: 5\u00a0rows.");
        client.rows().last().evaluate("row => row.remove()");
        assertThat(texts()).isEqualTo(before);
        assertThat(client.page().locator(".echo")).hasCount(2);
    }

    private static Object texts() {
        return client.rows().evaluateAll("rows => rows.map(row => row.textContent)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "{\"time\":\"2026-01-01T00:00:00Z\",\"kind\":\"paper\",\"data\":\"x\"}",
                "{\"time\":\"then\",\"kind\":\"event\",\"data\":\"x\"}",
                "{\"time\":\"2026-01-01T00:00:00Z\",\"kind\":\"message\",\"from\":\"Client\",\"to\":\"Client\",\"type\":\"text\",\"size\":1,\"data\":\"x\"}",
                "{\"time\":\"2026-01-01T00:00:00Z\",\"kind\":\"message\",\"from\":\"Client\",\"to\":\"Server\",\"type\":\"binary\",\"size\":1,\"data\":\"zz\"}",
            })
    void what_is_no_exported_log_changes_nothing(String content) {
        client.connect();
        importLog(content.getBytes(StandardCharsets.UTF_8));
        assertThat(client.byId("logProblem")).containsText("log.jsonl: ");
        client.assertRows("Connection opened");
    }

    private static void importLog(byte[] content) {
        client.byId("importFile").setInputFiles(new FilePayload("log.jsonl", "application/jsonl", content));
    }

    // One line a message.

    @Test
    void an_echo_stands_on_the_line_of_its_message() {
        client.connect();
        client.page().evaluate("""
                for (const text of ['one', 'two', 'three\\nlines']) {
                  sendMessage.value = text;
                  sendButton.click();
                }""");
        assertThat(client.page().locator(".echo")).hasCount(3);
        client.assertRows(
                "Connection opened",
                "Client|Server|one",
                "Server|Client|one",
                "Client|Server|two",
                "Server|Client|two",
                "Client|Server|three\nlines",
                "Server|Client|three\nlines");
        List<?> heights = (List<?>) client.rows().evaluateAll("""
                rows => rows.map(row => row.getBoundingClientRect()).flatMap(({ top, height }) => [top, height])""");
        for (int i = 1; i < 7; i += 2) {
            assertThat(heights.get(2 * i)).as("the line of row " + i).isEqualTo(heights.get(2 * i + 2));
            assertThat(((Number) heights.get(2 * i + 1)).doubleValue()).isLessThan(36);
        }
    }

    @Test
    void an_opened_message_shows_formatted_json_and_a_hex_dump_and_can_be_copied() {
        client.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        client.connect();
        client.send("{\"type\":\"subscribe\",\"channels\":[\"prices\"]}");
        client.send("plain");
        client.byId("logScroll").focus();
        client.page().keyboard().press("ArrowUp");
        client.page().keyboard().press("ArrowUp");
        client.page().keyboard().press("Enter");
        Locator detail = client.page().locator(".commslog-detail");
        assertThat(detail.locator("pre"))
                .hasText("{\n  \"type\": \"subscribe\",\n  \"channels\": [\n    \"prices\"\n  ]\n}");
        detail.getByText("Copy").click();
        assertThat(detail.getByText("Copied")).isVisible();
        assertThat(client.page().evaluate("navigator.clipboard.readText()"))
                .asString()
                .contains("\n  \"type\"");
        detail.getByText("Hex").click();
        assertThat(detail.locator("pre"))
                .containsText("00000000  7b 22 74 79 70 65 22 3a  22 73 75 62 73 63 72 69  |{\"type\":\"subscri|");
        Accessibility.assertNothingSerious(client.page());
        client.shot("opened-message");
        client.rows().nth(1).click();
        assertThat(detail).hasCount(0);
    }

    @Test
    void the_row_of_a_connection_names_url_and_subprotocol_and_http_version() {
        client.connect();
        assertThat(client.page().locator(".commslog-about"))
                .hasText("HTTP/1.1 \u00b7 no subprotocol \u00b7 " + client.webSocket());
    }

    @Test
    void what_the_log_keeps_of_large_messages_is_bounded() throws IOException {
        client.connect();
        client.page().evaluate("""
                const text = 'x'.repeat(65536);
                for (let i = 0; i < 150; i++) {
                  sendMessage.value = i + text;
                  sendButton.click();
                }""");
        assertThat(client.page().locator(".echo")).hasCount(150);
        List<JsonObject> lines = export();
        int kept =
                lines.stream().mapToInt(line -> line.getString("data").length()).sum();
        assertThat(kept).isBetween(7 << 20, 8 << 20);
        assertThat(lines.get(1).getString("data")).hasSize(2000);
        assertThat(lines.get(1).getBoolean("cut")).isTrue();
        assertThat(lines.getLast().getString("data")).hasSize(65_536);
    }

    private static List<JsonObject> export() throws IOException {
        Download download =
                client.page().waitForDownload(() -> client.byId("exportButton").click());
        assertThat(download.suggestedFilename()).matches("resound-.*\\.jsonl");
        return Files.readAllLines(download.path()).stream().map(JsonObject::new).toList();
    }
}
