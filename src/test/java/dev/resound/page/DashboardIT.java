package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ResoundProcess;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dashboard in a real Chromium, against the real service. */
class DashboardIT {

    private static Chromium chromium;
    private static RunningResound resound;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        resound = RunningResound.start("instance", "near");
    }

    @AfterAll
    static void stop() {
        if (resound != null) {
            resound.close();
            chromium.close();
        }
    }

    @Test
    void the_numbers_are_the_clients_own() {
        try (var fresh = RunningResound.start("instance", "counted", "websocket.max-connections", "5");
                var dashboard = DashboardPage.open(chromium, fresh);
                var talker = WireClient.open(fresh.port());
                var silent = WireClient.open(fresh.port())) {
            dashboard.expectState("Live");
            for (int i = 0; i < 7; i++) {
                talker.send(WireFrame.text("ten bytes.")).read();
            }
            talker.send(WireFrame.binary(new byte[500])).read();
            endEach(fresh.port());
            dashboard.expectNow("connections", "echo", "2");
            refuseEach(fresh.port());

            assertThat(dashboard.slot("name")).hasText("counted");
            dashboard.expectNow("connections", "echo", "2");
            dashboard.expectNow("connections", "telemetry", "1");
            dashboard.expectFact("Open", "3 of 5");
            dashboard.expectFact("Over HTTP/1.1", "3");
            dashboard.expectFact("Over HTTP/2", "0");
            dashboard.expectTotal("messages", "received", "8");
            dashboard.expectTotal("bytes", "received", "570\u00a0B");
            dashboard.expectFact("Messages in", "8");
            dashboard.expectTotal("handshakes", "accepted", "11");
            dashboard.expectTotal("handshakes", "closed", "8");
            for (var cause : Map.of("client", 5, "protocol-error", 1, "invalid-payload", 1, "network", 1, "idle", 0)
                    .entrySet()) {
                dashboard.expectTotal("closed", cause.getKey(), cause.getValue().toString());
            }
            for (var rule : Map.of("version", 2, "key", 1, "method", 1, "not-websocket", 1, "capacity", 1, "origin", 0)
                    .entrySet()) {
                dashboard.expectTotal("refusals", rule.getKey(), rule.getValue().toString());
            }
            dashboard.expectFact("Refused", "6");
            // Nothing goes on any more.
            dashboard.expectNow("messages", "received", "0/s");
            dashboard.expectNow("closed", "client", "0/s");
            assertThat(silent.localPort()).isPositive();
        }
    }

    /** Three by the client, one for each of three other causes; one after another, as there is room for two of them. */
    private static void endEach(int port) {
        for (int i = 0; i < 3; i++) {
            end(port, WireFrame.close(1000));
        }
        end(port, WireFrame.text("bare").unmasked());
        end(port, WireFrame.text(new byte[] {(byte) 0xFF}));
        WireClient.open(port).shutdownOutput().readToEnd();
    }

    private static void end(int port, WireFrame last) {
        try (var client = WireClient.open(port)) {
            client.send(last).readToEnd();
        }
    }

    private static void refuseEach(int port) {
        refuse(port, WireClient.request().replace("Version: 13", "Version: 12"), 426);
        refuse(port, WireClient.request().replace("Version: 13", "Version: 7"), 426);
        refuse(port, WireClient.request().replace(WireClient.KEY, "short"), 400);
        refuse(port, WireClient.request().replace("GET", "POST"), 405);
        refuse(port, "GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n", 400);
        try (var fourth = WireClient.open(port);
                var fifth = WireClient.open(port)) {
            refuse(port, WireClient.request(), 503);
            fourth.send(WireFrame.close(1000)).readToEnd();
            fifth.send(WireFrame.close(1000)).readToEnd();
        }
    }

    private static void refuse(int port, String request, int status) {
        try (var client = WireClient.tcp(port)) {
            client.send(request).expectStatus(status);
        }
    }

    @Test
    void connections_that_open_and_close_are_listed_with_the_cause() {
        try (var dashboard = DashboardPage.open(chromium, resound)) {
            dashboard.expectState("Live");
            end(resound.port(), WireFrame.text("bare").unmasked());
            var events = dashboard.panel().locator(".events li");
            assertThat(events.nth(0)).containsText("echo closed: protocol-error");
            assertThat(events.nth(0)).containsText("over HTTP/1.1, after ");
            assertThat(events.nth(1)).containsText("echo opened");
            assertThat(events.nth(1)).containsText("over HTTP/1.1");
        }
    }

    @Test
    void connections_over_http2_are_shown_and_an_instance_that_does_not_tell_is_shown_too() throws Exception {
        try (var instance = new ScriptedInstance();
                var dashboard =
                        DashboardPage.open(chromium, resound, instance.url()).allowAll()) {
            ServerWebSocket socket = instance.dashboard();
            ScriptedInstance.say(socket, ScriptedInstance.hello(100), true);
            ScriptedInstance.say(socket, ScriptedInstance.sample(101), true);
            ScriptedInstance.say(socket, ScriptedInstance.opened(101), true);
            dashboard.expectState("Live");
            dashboard.expectFact("Over HTTP/2", "\u2013");
            var events = dashboard.panel().locator(".events li");
            assertThat(events.nth(0)).not().containsText("HTTP");

            var byHttp = new JsonObject().put("http1", 40).put("http2", 62);
            ScriptedInstance.say(socket, ScriptedInstance.sample(102).put("connectionsByHttp", byHttp), true);
            ScriptedInstance.say(socket, ScriptedInstance.closed(102).put("http", "2"), true);
            dashboard.expectFact("Over HTTP/1.1", "40");
            dashboard.expectFact("Over HTTP/2", "62");
            assertThat(events.nth(0)).containsText("over HTTP/2, after ");
        }
    }

    @Test
    void several_instances_stand_side_by_side_and_the_query_says_which() {
        try (var other = RunningResound.start("instance", "far");
                var dashboard = DashboardPage.open(chromium, resound)) {
            var page = dashboard.page();
            assertThat(dashboard.panels()).hasCount(1);
            page.locator("#addUrl").fill(other.webSocket().toString());
            page.keyboard().press("Enter");
            assertThat(dashboard.panels().locator("h2")).hasText(new String[] {"near", "far"});
            assertThat(dashboard.panels().locator(".state")).hasText(new String[] {"Live", "Live"});
            // Both in one moment: what is above them may still grow.
            assertThat(dashboard
                            .panels()
                            .evaluateAll(
                                    "panels => new Set(panels.map(panel => panel.getBoundingClientRect().y)).size"))
                    .isEqualTo(1);
            dashboard.shot("two");

            page.reload();
            dashboard.allowAll();
            assertThat(dashboard.panels().locator("h2")).hasText(new String[] {"near", "far"});
            page.locator(".remove").first().focus();
            page.keyboard().press("Enter");
            assertThat(dashboard.panels().locator("h2")).hasText(new String[] {"far"});
            page.goBack();
            assertThat(dashboard.panels()).hasCount(2);
            assertThat(dashboard.panels().locator(".state")).hasText(new String[] {"Live", "Live"});
        }
    }

    @Test
    void what_is_no_url_is_said_to_be_none() {
        try (var dashboard = DashboardPage.open(chromium, resound, "ws", "https://[", "WS")) {
            var page = dashboard.page();
            assertThat(dashboard.panels()).hasCount(2);
            assertThat(page.locator("#urlProblem")).containsText("https://[: This is not a URL.");
            page.locator("#addUrl").fill("other.example/ws");
            page.keyboard().press("Enter");
            assertThat(page.locator("#urlProblem")).containsText("Example: wss://");
            assertThat(page.locator("#addUrl")).hasAttribute("aria-invalid", "true");
            assertThat(dashboard.panels()).hasCount(2);
        }
    }

    @Test
    void a_server_that_is_gone_leaves_stale_charts_until_it_is_back() {
        ResoundProcess first = instance("0", "green");
        String port = String.valueOf(first.port());
        try (var dashboard =
                DashboardPage.open(chromium, resound, first.webSocket()).allowAll()) {
            dashboard.expectState("Live");
            first.close();
            dashboard.expectState("Stale: Not connected");
            assertThat(dashboard.slot("age"))
                    .hasText(Pattern.compile("The newest sample is \\d+.s old\\. Trying again (in \\d+.s|now)\\."));
            assertThat(dashboard.panel().locator(".staleMark").first()).isVisible();
            dashboard.shot("stale");
            try (ResoundProcess again = instance(port, "green")) {
                dashboard.expectState("Live");
                assertThat(dashboard.slot("notice"))
                        .hasText(Pattern.compile("green restarted at .*; its totals began at zero\\."));
                assertThat(dashboard.panel().locator(".staleMark").first()).isHidden();
                assertThat(again.isAlive()).isTrue();
            }
            dashboard.expectState("Stale: Not connected");
            try (ResoundProcess another = instance(port, "blue")) {
                dashboard.expectState("Live");
                assertThat(dashboard.slot("notice"))
                        .containsText(Pattern.compile("Another instance answers since .*: blue instead of green"));
                assertThat(another.isAlive()).isTrue();
                dashboard.shot("another");
            }
        }
    }

    private static ResoundProcess instance(String port, String name) {
        return ResoundProcess.ready(
                Map.of("RESOUND_HTTP_PORT", port, "RESOUND_INSTANCE", name, "RESOUND_TELEMETRY_INTERVAL", "200ms"));
    }

    @Test
    void a_feed_that_is_switched_off_is_among_the_reasons_given() {
        try (var mute = RunningResound.start("telemetry.feed.enabled", "false");
                var dashboard = DashboardPage.open(chromium, mute)) {
            dashboard.expectState("Not connected");
            assertThat(dashboard.slot("why")).containsText("telemetry.feed.enabled");
            assertThat(dashboard.slot("why")).containsText("telemetry.feed.allowed-origins");
            assertThat(dashboard.slot("retry")).isVisible();
            dashboard.shot("no-feed");
        }
    }
}
