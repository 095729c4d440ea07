package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
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
        assertThat(client.byId("logNote")).hasText("503 older rows dropped");
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
        client.send("x".repeat(3000));
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
        assertThat(longOne.getInteger("size")).isEqualTo(3000);
        assertThat(longOne.getBoolean("cut")).isTrue();
        assertThat(longOne.getString("data")).isEqualTo("x".repeat(2000));
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

    private static List<JsonObject> export() throws IOException {
        Download download =
                client.page().waitForDownload(() -> client.byId("exportButton").click());
        assertThat(download.suggestedFilename()).matches("resound-.*\\.jsonl");
        return Files.readAllLines(download.path()).stream().map(JsonObject::new).toList();
    }
}
