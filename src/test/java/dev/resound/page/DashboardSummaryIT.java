package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.resound.test.ResoundProcess;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the dashboard makes obvious: sums, problems, the end of a drain, and one time axis. */
class DashboardSummaryIT {

    private static Chromium chromium;
    private static RunningResound resound;
    private static ScriptedInstance instance;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        resound = RunningResound.start("instance", "near");
        instance = new ScriptedInstance();
    }

    @AfterAll
    static void stop() {
        if (instance != null) {
            instance.close();
            resound.close();
            chromium.close();
        }
    }

    private static Locator tile(DashboardPage dashboard, String name) {
        return dashboard.page().locator("[data-tile=%s] dd".formatted(name));
    }

    private static Locator row(DashboardPage dashboard, int index) {
        return dashboard.page().locator("#rows tr").nth(index);
    }

    private static Locator cell(Locator row, String name) {
        return row.locator("[data-slot=%s]".formatted(name));
    }

    private static Locator verdict(DashboardPage dashboard) {
        return dashboard.page().locator("#verdict");
    }

    /** A dashboard whose only instance tells what the test makes it tell. */
    private static DashboardPage scripted() {
        return DashboardPage.open(chromium, resound, instance.url()).allowAll();
    }

    @Test
    void the_summary_has_a_row_per_instance_and_the_sum_counts_an_instance_once() throws InterruptedException {
        try (var dashboard = DashboardPage.open(chromium, resound, "ws", instance.url(), "/ws?again")
                .allowAll()) {
            ServerWebSocket socket = instance.dashboard();
            ScriptedInstance.say(socket, ScriptedInstance.hello(100), true);
            ScriptedInstance.say(socket, ScriptedInstance.sample(101), true);
            assertThat(cell(row(dashboard, 0), "name")).hasText("near");
            assertThat(cell(row(dashboard, 1), "name")).hasText("scripted");
            assertThat(cell(row(dashboard, 1), "open")).hasText("102");
            assertThat(cell(row(dashboard, 1), "rate")).hasText("10,201/s");
            assertThat(cell(row(dashboard, 1), "p99")).hasText("2.2\u00a0ms");
            assertThat(cell(row(dashboard, 1), "lag")).hasText("2\u00a0ms");
            assertThat(cell(row(dashboard, 2), "where")).containsText("counted once");
            // The two dashboards of the real instance, and those of the other.
            assertThat(cell(row(dashboard, 0), "open")).hasText("2");
            assertThat(tile(dashboard, "open")).containsText("104");
            assertThat(dashboard.page().locator("#verdictNote")).hasText("2 live instances");
            assertThat(verdict(dashboard)).hasText("No problems");

            cell(row(dashboard, 1), "name").click();
            assertThat(dashboard.panels().nth(1).locator("h2")).isFocused();
            assertThat(dashboard.panels().nth(1).locator("figure[data-chart=connections]"))
                    .isVisible();
        }
    }

    @Test
    void a_problem_is_told_by_the_alert_in_the_title_and_in_the_icon_and_goes_away() throws InterruptedException {
        try (var dashboard = scripted()) {
            ServerWebSocket socket = instance.dashboard();
            ScriptedInstance.say(socket, ScriptedInstance.hello(100), true);
            ScriptedInstance.say(socket, ScriptedInstance.sample(101), true);
            assertThat(verdict(dashboard)).hasText("No problems");
            ScriptedInstance.say(socket, ScriptedInstance.sample(102).put("connectionsLimit", 110), true);
            assertThat(verdict(dashboard)).hasText("1 problem");
            assertThat(dashboard.page().locator("#problems li"))
                    .hasText("scripted Almost full: 94\u00a0% of 110 connections are open. ResoundNearCapacity");
            assertThat(dashboard.page()).hasTitle(Pattern.compile("^1 problem"));
            assertThat(dashboard.page().locator("#icon")).hasAttribute("href", "favicon-problem.svg");
            assertThat(row(dashboard, 0)).hasAttribute("data-level", "bad");
            Accessibility.assertNothingSerious(dashboard.page());
            dashboard.shot("problem");

            ScriptedInstance.say(socket, ScriptedInstance.sample(103), true);
            assertThat(verdict(dashboard)).hasText("No problems");
            assertThat(dashboard.page()).hasTitle("Resound: dashboard");
            assertThat(dashboard.page().locator("#icon")).hasAttribute("href", "favicon.svg");
        }
    }

    @Test
    void a_drain_is_shown_to_its_end_and_its_cause_stays_while_nobody_answers() {
        var draining = ResoundProcess.ready(
                Map.of("RESOUND_INSTANCE", "leaving", "RESOUND_DRAIN_DELAY", "0", "RESOUND_DRAIN_PERIOD", "1s"));
        List<WireClient> clients = IntStream.range(0, 5)
                .mapToObj(i -> WireClient.open(draining.port()))
                .toList();
        try (var dashboard =
                DashboardPage.open(chromium, resound, draining.webSocket()).allowAll()) {
            dashboard.expectNow("connections", "echo", "5");
            draining.signal("TERM");
            clients.forEach(client -> client.expect(WireFrame.close(1001, "server draining"))
                    .send(WireFrame.close(1001))
                    .expectEnd());
            dashboard.expectState("Drained");
            dashboard.expectNow("connections", "echo", "0");
            dashboard.expectTotal("closed", "drain", "5");
            Pattern cause = Pattern.compile("Drained at .*: 5 connections closed, 0 left\\. .* failed since\\.$");
            assertThat(dashboard.slot("why")).hasText(cause);
            assertThat(cell(row(dashboard, 0), "state")).hasText("Drained");
            assertThat(verdict(dashboard)).hasText("Drained");
            assertThat(dashboard.slot("marks").locator("li")).hasText(new Pattern[] {
                Pattern.compile("Drained$"), Pattern.compile("Drain begins$"), Pattern.compile("Started$")
            });
            dashboard.shot("drained");
        } finally {
            draining.close();
        }
    }

    @Test
    void only_what_has_happened_has_a_chart() throws InterruptedException {
        try (var dashboard = scripted()) {
            ServerWebSocket socket = instance.dashboard();
            var none = new JsonObject().put("text", 0).put("binary", 0);
            var nothing = new JsonObject().put("received", none).put("sent", none);
            ScriptedInstance.say(socket, ScriptedInstance.hello(0), true);
            JsonObject quiet = ScriptedInstance.sample(1)
                    .put("messages", nothing)
                    .put("bytes", nothing)
                    .put("closed", new JsonObject().put("client", 0).put("idle", 0))
                    .putNull("roundTrip");
            ScriptedInstance.say(socket, quiet, true);
            var visible = dashboard.panel().locator("figure:visible");
            assertThat(visible.locator("h3"))
                    .hasText(new String[] {"Open connections", "Event-loop lag", "Connects and closes", "Memory"});
            assertThat(dashboard.slot("events")).isHidden();
            assertThat(dashboard.panel().locator(".facts div:visible dt").getByText("Back-pressure"))
                    .hasCount(0);

            JsonObject closed =
                    quiet.copy().put("time", quiet.getDouble("time") + 1).put("uptime", 2);
            ScriptedInstance.say(
                    socket,
                    closed.put("closed", new JsonObject().put("client", 0).put("idle", 3)),
                    true);
            dashboard.expectTotal("closed", "idle", "3");
            assertThat(dashboard.panel().locator("[data-chart=closed] li:visible"))
                    .hasCount(1);
        }
    }

    @Test
    void what_happened_is_marked_on_the_time_axis() throws InterruptedException {
        try (var dashboard = scripted()) {
            ServerWebSocket socket = instance.dashboard();
            ScriptedInstance.say(socket, ScriptedInstance.hello(100), true);
            var once = new JsonObject().put("settings", 1).put("certificates", 0);
            var never = new JsonObject().put("settings", 0).put("certificates", 0);
            ScriptedInstance.say(socket, ScriptedInstance.sample(101).put("reloads", never), true);
            ScriptedInstance.say(socket, ScriptedInstance.sample(102).put("reloads", once), true);
            socket.close((short) 1012, "restart").await();
            ServerWebSocket again = instance.dashboard();
            JsonObject hello = ScriptedInstance.hello(103);
            ScriptedInstance.say(again, hello.put("startedAt", hello.getInteger("startedAt") + 102), true);
            ScriptedInstance.say(again, ScriptedInstance.sample(104), true);
            for (String text : List.of("Started", "Settings reloaded", "Connection lost", "Restarted")) {
                assertThat(dashboard.slot("marks").getByText(Pattern.compile(" " + text + "$")))
                        .hasCount(1);
            }
        }
    }

    @Test
    void a_drag_zooms_into_all_charts_and_escape_goes_back() throws InterruptedException {
        try (var dashboard = scripted()) {
            ServerWebSocket socket = instance.dashboard();
            ScriptedInstance.say(socket, ScriptedInstance.hello(900), true);
            ScriptedInstance.say(socket, ScriptedInstance.sample(901), true);
            Page page = dashboard.page();
            dashboard.expectTotal("messages", "received", "91,001");
            Locator note = page.locator("#timeNote");
            assertThat(note).hasText("Drag in a chart to zoom.");
            var plot = dashboard.panel().locator("[data-chart=connections] .u-over");
            plot.scrollIntoViewIfNeeded();
            var box = plot.boundingBox();
            page.mouse().move(box.x + 0.2 * box.width, box.y + 20);
            page.mouse().down();
            page.mouse().move(box.x + 0.6 * box.width, box.y + 20);
            page.mouse().up();
            Pattern part = Pattern.compile("^\\d\\d:\\d\\d:\\d\\d to \\d\\d:\\d\\d:\\d\\d$");
            assertThat(note).hasText(part);
            assertThat(page.locator("[data-move=live]")).isVisible();
            assertThat(page.locator("[data-span='900']")).hasAttribute("aria-pressed", "false");

            // The pointer and the arrow keys show one moment in all charts.
            dashboard.slot("charts").focus();
            page.keyboard().press("ArrowLeft");
            page.keyboard().press("+");
            List<String> moments =
                    dashboard.panel().locator("figure:visible .at").allTextContents();
            assertThat(moments).hasSizeGreaterThan(5).first().asString().startsWith("at ");
            assertThat(moments.stream().distinct()).hasSize(1);
            page.keyboard().press("Escape");
            assertThat(note).hasText("Drag in a chart to zoom.");
            page.locator("[data-move=earlier]").click();
            assertThat(page.locator("[data-move=live]")).isHidden(); // There is nothing earlier than 15 minutes.
            page.locator("[data-span='60']").click();
            page.locator("[data-move=earlier]").click();
            assertThat(note).hasText(part);
            page.locator("[data-move=live]").press("Enter");
            assertThat(page.locator("[data-span='60']")).hasAttribute("aria-pressed", "true");
        }
    }

    @Test
    void a_url_is_added_once() {
        try (var dashboard = DashboardPage.open(chromium, resound)) {
            Page page = dashboard.page();
            dashboard.expectState("Live");
            page.locator("#addUrl").fill(resound.webSocket().toString());
            page.keyboard().press("Enter");
            assertThat(page.locator("#urlProblem")).containsText("is shown already");
            assertThat(page).hasURL(resound.page() + "dashboard");
        }
    }
}
