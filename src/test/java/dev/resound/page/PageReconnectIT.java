package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.resound.test.FreePort;
import dev.resound.test.RunningResound;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client page connects again by itself, and compares two connections. */
class PageReconnectIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage("instance", "first");

    @Test
    void it_connects_again_and_says_how_long_it_was_down_and_which_instance_answers() {
        String port = String.valueOf(FreePort.next());
        try (var first = RunningResound.start("http.port", port, "instance", "a")) {
            client.visit(first, "?reconnect=1&protocol=resound.echo.v1");
            client.connect();
            assertThat(client.rows().last()).containsText("Answered by a");
        }
        assertThat(client.byId("reconnectNote")).containsText("attempt");
        assertThat(client.byId("cancelButton")).isVisible();
        client.shot("reconnecting");
        try (var second = RunningResound.start("http.port", port, "instance", "b")) {
            assertThat(client.byId("stateLabel")).hasText("Open");
            assertThat(client.rows().last())
                    .containsText(Pattern.compile("down for \\d+\\.\\d.s, now on instance b\\."));
            assertThat(client.byId("reconnectNote")).isEmpty();
            assertThat(second.port()).isEqualTo(Integer.parseInt(port));
            client.byId("closeButton").click();
            assertThat(client.byId("stateLabel")).hasText("Closed");
            assertThat(client.byId("cancelButton")).isHidden();
        }
    }

    @Test
    void cancel_ends_the_waiting_for_the_next_attempt() throws IOException {
        String url;
        try (var peer = new BadPeer()) {
            url = peer.url();
        }
        client.byId("reconnectSwitch").check();
        client.connectTo(url);
        assertThat(client.rows().getByText("attempt 2")).isVisible();
        client.byId("cancelButton").click();
        assertThat(client.byId("cancelButton")).isHidden();
        assertThat(client.byId("reconnectNote")).isEmpty();
        int attempts = client.sockets().size();
        client.page().waitForTimeout(2500);
        assertThat(client.sockets()).hasSize(attempts);
        assertThat(client.page().locator(".commslog-problem")).hasCount(1);
    }

    @Test
    void the_delay_doubles_up_to_30_seconds_and_half_of_it_is_random() {
        Object delays = client.inModule("client/reconnecting.js", """
                ({ delayBefore }) => [1, 2, 3, 7, 100].flatMap((attempt) => [delayBefore(attempt, 0), delayBefore(attempt, 1)])""", null);
        assertThat((List<?>) delays)
                .extracting(Object::toString)
                .containsExactly("500", "250", "1000", "500", "2000", "1000", "30000", "15000", "30000", "15000");
    }

    @Test
    void two_connections_are_compared_side_by_side() {
        try (var other = RunningResound.start("instance", "second")) {
            client.unfold("compareGroup");
            assertThat(client.byId("compareFirst")).hasValue(client.webSocket().toString());
            client.byId("compareSecond").fill(other.webSocket().toString());
            client.byId("compareStart").click();
            assertThat(row("Echoes")).containsText(Pattern.compile("[3-9] of \\d.*[3-9] of \\d"));
            client.byId("compareStop").click();
            assertThat(row("Instance")).hasText("Instancefirstsecond");
            assertThat(row("HTTP")).hasText("HTTPHTTP/1.1HTTP/1.1");
            assertThat(row("Median")).containsText("ms");
            assertThat(client.byId("compareResult")).containsText("medians of");
            assertThat(row("State")).hasText("StateClosedClosed");
            Accessibility.assertNothingSerious(client.page());
            client.wholeShot("compare");
        }
    }

    @Test
    void a_server_without_the_subprotocol_is_compared_without_it() {
        try (var plain = new ScriptedInstance()) {
            client.unfold("compareGroup");
            client.byId("compareSecond").fill(plain.url());
            client.byId("compareStart").click();
            assertThat(row("State")).hasText("StateOpenOpen");
            client.byId("compareStop").click();
            assertThat(row("Instance")).hasText("Instancefirstunknown");
        }
    }

    private static Locator row(String name) {
        return client.byId("compareTable")
                .locator("tr")
                .filter(new Locator.FilterOptions()
                        .setHas(client.page()
                                .locator(
                                        "th",
                                        new Page.LocatorOptions().setHasText(Pattern.compile("^" + name + "$")))));
    }
}
