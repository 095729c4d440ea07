package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.LoadState;
import dev.resound.test.RunningResound;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subprotocols, the details of a connection, round trips, and explain, in the client page. */
class PageDetailsIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage("instance", "resound-under-test");

    // Subprotocols.

    @Test
    void without_a_choice_no_sub_protocol_is_offered() {
        client.connect();
        client.unfold("details");
        assertFact("Subprotocol", "none offered");
        assertFact("Extensions", "none");
        assertFact("Page loaded over", "HTTP/1.1");
        assertFact("WebSocket over", "HTTP/1.1");
    }

    @Test
    void the_greeting_of_the_echo_is_no_echo_and_tells_who_answers() {
        client.byId("protocolChoice").selectOption("resound.echo.v1");
        assertThat(client.byId("protocolHint")).containsText("the browser fails the connection");
        client.connect();
        client.unfold("details");
        client.send("hello");
        assertThat(client.rows()).hasCount(4);
        assertThat(client.rows().nth(1)).containsText("Answered by resound-under-test, version");
        assertThat(client.rows().nth(3)).containsText("hello");
        assertThat(client.rows().nth(3).locator("small")).hasCount(1);
        assertFact("Subprotocol", "resound.echo.v1");
        assertFact("Answered by", "resound-under-test");
        assertFact("Answered by", "over this connection");
        assertFact("WebSocket over", "HTTP/1.1");
        assertFact("WebSocket over", "as received by the server");
        assertFact("Idle timeout", "ends a connection after 4\u00a0min");
        assertFact("Idle timeout", "pings every 2\u00a0min");
        client.wholeShot("details");
    }

    @Test
    void the_live_feed_can_be_read() {
        client.byId("protocolChoice").selectOption("resound.telemetry.v1");
        client.connect();
        client.unfold("details");
        assertThat(client.rows().nth(1)).containsText("\"type\":\"hello\"");
        assertThat(client.rows().nth(2)).containsText(Pattern.compile("\"type\":\"(sample|opened)\""));
        assertFact("Answered by", "resound-under-test");
        client.byId("closeButton").click();
        assertThat(client.byId("stateLabel")).hasText("Closed");
    }

    @Test
    void a_sub_protocol_that_the_server_does_not_confirm_is_among_the_reasons_given() {
        client.byId("protocolChoice").selectOption("other");
        client.byId("protocolOther").fill("chat.v1, chat.v2");
        client.byId("connectButton").click();
        assertThat(client.rows().last())
                .containsText("The server chose none of the offered subprotocols: chat.v1, chat.v2.");
        client.byId("protocolOther").fill("chat.v1, resound.echo.v1");
        client.connect();
        client.unfold("details");
        assertFact("Subprotocol", "resound.echo.v1");
        assertFact("Subprotocol", "offered: chat.v1, resound.echo.v1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''         | Enter one or more",
                "a b        | \u201ca b\u201d is not a valid subprotocol",
                "a,,b       | Remove the extra comma",
                "a/b        | \u201ca/b\u201d is not a valid subprotocol",
                "caf\u00e9       | is not a valid subprotocol",
                "a, b, a    | Duplicate: \u201ca\u201d",
            })
    void what_is_no_sub_protocol_is_said_to_be_none(String typed, String problem) {
        client.byId("protocolChoice").selectOption("other");
        client.byId("protocolOther").fill(typed);
        client.byId("connectButton").click();
        assertThat(client.byId("protocolProblem")).containsText(problem);
        assertThat(client.byId("protocolOther")).hasAttribute("aria-invalid", "true");
        assertThat(client.sockets()).isEmpty();
    }

    // Details.

    @Test
    void what_went_each_way_is_counted() {
        client.unfold("details");
        assertThat(client.byId("detailsNone")).isVisible();
        client.connect();
        client.send("h\u00e9llo");
        client.send("again");
        assertThat(client.rows()).hasCount(5);
        assertFact("Sent", "2\u00a0messages, 11\u00a0bytes");
        assertFact("Received", "2\u00a0messages, 11\u00a0bytes");
        assertFact("Open for", "\u00a0s");
        assertFact("Quiet for", "since the last message");
        client.byId("closeButton").click();
        assertFact("Ended", "with 1000");
        assertFact("Was open for", "\u00a0s");
    }

    @Test
    void who_answers_by_http_is_marked_as_such() {
        client.connect();
        client.unfold("details");
        assertFact("HTTP answered by", "resound-under-test");
        assertFact("HTTP answered by", "may have sent the WebSocket to another instance");
        assertFact("Idle timeout", "ends a connection after 4\u00a0min");
    }

    @Test
    void compression_is_shown_where_it_was_agreed() {
        try (var compressing = RunningResound.start("websocket.compression", "true")) {
            client.visit(compressing, "");
            client.connect();
            client.unfold("details");
            assertFact("Extensions", "permessage-deflate");
            client.page().waitForLoadState(LoadState.NETWORKIDLE); // The icon comes late, and the server goes now.
        }
    }

    private static void assertFact(String name, String value) {
        Locator term = client.byId("detailsList")
                .locator("dt", new Locator.LocatorOptions().setHasText(Pattern.compile("^" + name + "$")));
        assertThat(term.locator("xpath=following-sibling::dd[1]")).containsText(value);
    }

    // Round trips.

    @Test
    void round_trips_are_drawn_and_told() {
        client.unfold("roundTrips");
        assertThat(client.byId("roundTripsNone")).isVisible();
        client.connect();
        for (int i = 0; i < 5; i++) {
            client.send("message " + i);
        }
        assertThat(client.byId("roundTripsNumbers"))
                .containsText(Pattern.compile(
                        "messages5min\\d+\\.\\d.msmedian\\d+\\.\\d.msp99\\d+\\.\\d.msmax\\d+\\.\\d.ms"));
        assertThat(client.byId("roundTripsBars"))
                .hasAttribute("aria-label", Pattern.compile("Histogram\\. .*message.*\\."));
        assertThat(client.byId("roundTripsBars").locator(".bar").first()).isVisible();
        client.wholeShot("round-trips");
    }

    @Test
    void percentiles_are_those_of_the_times_that_came() {
        Object numbers = client.inModule("client/round-trips.js", """
                ({ RoundTrips }) => {
                  const times = new RoundTrips();
                  for (let i = 1; i <= 1000; i++) {
                    times.add(i);
                  }
                  const bars = times.bars.map(({ from, count }) => `${from}:${count}`).join(' ');
                  return [times.count, times.min, times.max, times.percentile(0.5), times.percentile(0.99), bars];
                }""", null);
        List<?> values = (List<?>) numbers;
        assertThat(values.subList(0, 3)).extracting(Object::toString).containsExactly("1000", "1", "1000");
        assertThat(((Number) values.get(3)).doubleValue()).isBetween(490.0, 520.0);
        assertThat(((Number) values.get(4)).doubleValue()).isBetween(970.0, 1000.0);
        assertThat(values.get(5)).isEqualTo("1:1 2:3 5:5 10:10 20:30 50:50 100:100 200:300 500:500 1000:1");
    }

    // Explain.

    @Test
    void explain_shows_what_the_server_sees_rule_by_rule() {
        client.unfold("explainGroup");
        client.byId("explainButton").click();
        assertThat(client.byId("explainAnswer"))
                .containsText("101 accepted: a WebSocket handshake like this request would be accepted");
        assertThat(client.byId("explainAnswer"))
                .containsText("Origin"
                        + client.resound().page().resolve("/").toString().replaceFirst("/$", ""));
        Locator tables = client.byId("explainAnswer").locator("table");
        assertThat(tables).hasCount(2);
        assertThat(tables.first()).containsText("\u2013 assumed");
        assertThat(tables.first()).containsText("\u2713 passed");
        assertThat(tables.last()).containsText("resound-under-test");
        assertThat(tables.last()).containsText("over HTTP/1.1: GET with Upgrade: websocket");
        client.wholeShot("explain");
    }

    @Test
    void the_verdict_is_that_of_a_handshake_of_this_page() {
        try (var full = RunningResound.start("websocket.max-connections", "1", "websocket.require-origin", "true")) {
            client.visit(full, "?open=explain");
            client.connect();
            client.byId("explainButton").click();
            assertThat(client.byId("explainAnswer").locator(".verdict")).containsText("503 capacity");
            assertThat(client.byId("explainAnswer").locator(".failed")).hasCount(1);
        }
    }

    @Test
    void the_command_sends_what_a_browser_cannot() {
        client.byId("protocolChoice").selectOption("resound.echo.v1");
        client.byId("connectionUrl").fill(client.webSocket() + "?it='1");
        client.unfold("explainGroup");
        client.byId("explainButton").click();
        String target = client.webSocket().toString().replaceFirst("ws", "http");
        assertThat(client.byId("explainCurl")).containsText("curl --http1.1");
        assertThat(client.byId("explainCurl")).containsText("-H 'Upgrade: websocket'");
        assertThat(client.byId("explainCurl")).containsText("-H 'Sec-WebSocket-Protocol: resound.echo.v1'");
        assertThat(client.byId("explainCurl")).containsText("'" + target + "?it=%271&explain'");
        client.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        client.byId("explainCopy").click();
        assertThat(client.byId("explainCopy")).hasText("Copied");
    }

    @Test
    void another_server_cannot_be_asked_from_here() throws IOException {
        try (var other = new BadPeer()) {
            client.byId("connectionUrl").fill(other.url());
            client.unfold("explainGroup");
            client.byId("explainButton").click();
            assertThat(client.byId("explainAnswer")).containsText("only from its own server");
            assertThat(client.byId("explainCurl")).containsText(other.url().replaceFirst("ws", "http") + "?explain");
        }
    }
}
