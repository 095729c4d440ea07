package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboard of a server that tells of a fleet. The messages are scripted; {@code FleetIT} has those of real instances. */
class DashboardFleetIT {

    private static final List<String> COLUMNS = List.of(
            "id",
            "name",
            "version",
            "state",
            "ended",
            "age",
            "uptime",
            "connections",
            "connectionsLimit",
            "receivedRate",
            "sentRate",
            "roundTripP50",
            "roundTripP99",
            "lag",
            "heapUsed",
            "heapMax");
    private static final long START = 1_764_110_000;

    private static final Vertx VERTX = Vertx.vertx();
    private static final BlockingQueue<ServerWebSocket> SOCKETS = new LinkedBlockingQueue<>();

    private static Chromium chromium;
    private static String page;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        Router router = Router.router(VERTX);
        new StaticAssets("/ws").mount(router);
        int port = VERTX.createHttpServer(new HttpServerOptions()
                        .setWebSocketSubProtocols(List.of("resound.fleet.v1", "resound.telemetry.v1")))
                .requestHandler(router)
                .webSocketHandler(SOCKETS::add)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        page = "http://127.0.0.1:" + port + "/dashboard";
    }

    @AfterAll
    static void stop() {
        VERTX.close().await();
        if (chromium != null) {
            chromium.close();
        }
    }

    private static DashboardPage opened() {
        SOCKETS.clear(); // Those of an earlier test.
        return DashboardPage.at(chromium, page);
    }

    /** The connection that asks for the feed of the fleet only; one before it asks which feed there is. */
    private static ServerWebSocket subscribed() throws InterruptedException {
        ServerWebSocket socket = SOCKETS.poll(30, TimeUnit.SECONDS);
        while (!"resound.fleet.v1".equals(socket.headers().get("Sec-WebSocket-Protocol"))) {
            socket = SOCKETS.poll(30, TimeUnit.SECONDS);
        }
        say(
                socket,
                new JsonObject()
                        .put("type", "hello")
                        .put("schema", 1)
                        .put("instance", "pod-a")
                        .put("time", START)
                        .put("interval", 3600)
                        .put("fleet", "shop")
                        .put("window", 900)
                        .put("columns", new JsonArray(COLUMNS))
                        .put("history", history(List.of())));
        return socket;
    }

    private static JsonObject history(List<JsonArray> rows) {
        return new JsonObject()
                .put("step", 15)
                .put(
                        "columns",
                        new JsonArray().add("time").add("instances.live").add("connections.echo"))
                .put("rows", new JsonArray(rows));
    }

    private static void say(ServerWebSocket socket, JsonObject message) {
        socket.writeTextMessage(message.encode()).await();
    }

    private static JsonArray row(String id, String name, String state, int connections, double lag) {
        return new JsonArray(List.of(
                id,
                name,
                "1.0.0",
                state,
                state.equals("gone"),
                state.equals("live") ? 0.3 : 7,
                500,
                connections,
                1000,
                10.5,
                10.5,
                0.001,
                0.02,
                lag,
                1_000_000,
                10_000_000));
    }

    private static JsonObject sample(int second, JsonArray... rows) {
        var states = Stream.of(rows).map(row -> row.getString(3)).toList();
        var instances = new JsonObject().put("limitReached", false);
        Stream.of("live", "draining", "stale", "gone")
                .forEach(state -> instances.put(
                        state, states.stream().filter(state::equals).count()));
        int echo = Stream.of(rows).mapToInt(row -> row.getInteger(7)).sum();
        var types = new JsonObject().put("text", 90.5).put("binary", 0);
        return new JsonObject()
                .put("type", "sample")
                .put("time", START + second)
                .put("redis", new JsonObject().put("connected", true).put("age", 0.4))
                .put("instances", instances)
                .put("connections", new JsonObject().put("echo", echo).put("telemetry", 0))
                .put("connectionsLimit", 1000 * rows.length)
                .put("messages", new JsonObject().put("received", types))
                .put("rates", new JsonObject().put("messages", new JsonObject().put("received", types)))
                .put("roundTrip", new JsonObject().put("p50", 0.001).put("p99", 0.025))
                .put("eventLoopLag", new JsonObject().put("newest", 0.001).put("worst", 0.003))
                .put("rows", new JsonArray(List.of(rows)));
    }

    private static Locator names(DashboardPage dashboard) {
        return dashboard.page().locator("#rows [data-slot=name]");
    }

    private static Locator states(DashboardPage dashboard) {
        return dashboard.page().locator("#rows [data-slot=state]");
    }

    @Test
    void a_rolling_update_can_be_watched_and_the_sums_are_those_of_the_server() throws Exception {
        try (var dashboard = opened()) {
            ServerWebSocket socket = subscribed();
            List<JsonArray> past = Stream.of(30, 15)
                    .map(seconds -> new JsonArray(List.of(START - seconds, 2, 500)))
                    .toList();
            say(socket, new JsonObject().put("type", "history").put("history", history(past)));
            say(socket, sample(1, row("1", "old", "live", 300, 0.001), row("2", "other", "live", 200, 0.001)));
            assertThat(names(dashboard)).hasText(new String[] {"old", "other"});
            assertThat(dashboard.page().locator("[data-tile=open] dd")).containsText("500 of 2,000");
            assertThat(dashboard.page().locator("[data-tile=rate] dd")).containsText("90.5/s");
            assertThat(dashboard.page().locator("#verdictNote")).hasText("2 of 2");

            say(
                    socket,
                    sample(
                            2,
                            row("3", "new", "live", 100, 0.001),
                            row("1", "old", "draining", 200, 0.001),
                            row("2", "other", "live", 200, 0.001)));
            assertThat(names(dashboard)).hasText(new String[] {"old", "new", "other"});
            assertThat(states(dashboard)).hasText(new String[] {"Draining", "Live", "Live"});
            assertThat(dashboard.page().locator("#verdict")).hasText("Draining");
            say(
                    socket,
                    sample(
                            3,
                            row("3", "new", "live", 300, 0.001),
                            row("1", "old", "gone", 0, 0),
                            row("2", "other", "live", 200, 0.001)));
            assertThat(states(dashboard)).hasText(new String[] {"Live", "Live", "Gone"});
            assertThat(dashboard.page().locator("[data-tile=open] dd")).containsText("500");
            assertThat(dashboard.page().locator("#verdictNote")).hasText("2 of 2, 1 gone");
            assertThat(dashboard.page().locator("#verdict")).hasText("No problems");
            assertThat(dashboard.panel().locator(".marks li")).hasText(new Pattern[] {
                Pattern.compile("old has drained$"),
                Pattern.compile("new started$|old drains$"),
                Pattern.compile("new started$|old drains$")
            });
            Accessibility.assertNothingSerious(dashboard.page());
            dashboard.shot("fleet");
        }
    }

    @Test
    void stale_and_slow_instances_stand_out_and_one_instance_has_charts_of_its_own() throws Exception {
        try (var dashboard = opened()) {
            ServerWebSocket socket = subscribed();
            JsonArray[] rows = {
                row("1", "a", "live", 10, 0.001), row("2", "b", "stale", 20, 0.001), row("3", "c", "live", 30, 0.4)
            };
            say(socket, sample(1, rows));
            assertThat(names(dashboard)).hasText(new String[] {"b", "a", "c"});
            assertThat(dashboard.page().locator("#verdict")).hasText("2 problems");
            assertThat(dashboard.page().locator("#verdictNote")).hasText("2 of 3, 1 stale");
            assertThat(dashboard.page().locator("#problems li")).hasText(new Pattern[] {
                Pattern.compile("^b Has sent nothing"), Pattern.compile("^c.*ResoundEventLoopLag\\s*$")
            });

            names(dashboard).nth(2).click();
            Locator chosen = dashboard.panel();
            assertThat(chosen.locator("h2")).hasText("c");
            say(socket, sample(2, rows));
            assertThat(chosen.locator("figure:visible h3"))
                    .hasText(new String[] {"Open connections", "Messages", "Round trip", "Event-loop lag", "Memory"});
            dashboard.expectNow("lag", "worst", "400\u00a0ms");
            Accessibility.assertNothingSerious(dashboard.page());
            chosen.getByText("Close").click();
            assertThat(dashboard.panels()).hasCount(1);

            dashboard.panel().getByText("The instance that serves this page").click();
            SOCKETS.poll(30, TimeUnit.SECONDS);
            assertThat(dashboard.page()).hasURL(Pattern.compile("/dashboard\\?url="));
        }
    }

    static Stream<JsonObject> brokenSamples() {
        return Stream.of(
                sample(2).put("rows", "many"),
                sample(2).put("rows", new JsonArray().add(new JsonArray().add(1))),
                sample(2, row("1", "a", "undead", 1, 0)),
                sample(2).put("instances", "all"),
                sample(2).putNull("redis"),
                sample(2).put("time", -1));
    }

    @ParameterizedTest
    @MethodSource("brokenSamples")
    void a_broken_sample_is_left_out_and_the_next_good_one_is_shown(JsonObject broken) throws Exception {
        try (var dashboard = opened()) {
            ServerWebSocket socket = subscribed();
            say(socket, broken);
            assertThat(dashboard.slot("why")).containsText("This is not a Resound feed");
            say(socket, sample(3, row("1", "a", "live", 7, 0)));
            assertThat(names(dashboard)).hasText(new String[] {"a"});
            assertThat(dashboard.page().locator("[data-tile=open] dd")).containsText("7 of 1,000");
        }
    }
}
