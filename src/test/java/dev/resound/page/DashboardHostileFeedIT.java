package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.RunningResound;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that the dashboard connects to may send anything. The page leaves it out, says so, and stays responsive. */
class DashboardHostileFeedIT {

    private static final String FOREIGN = "This is not a Resound feed";
    private static final String DEEP = "{\"type\":\"sample\",\"time\":1,\"uptime\":1,\"closed\":";

    /** How many instances a page watches at most. */
    private static final int PANELS = 12;

    private static Chromium chromium;
    private static RunningResound resound;
    private static ScriptedInstance instance;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        resound = RunningResound.start();
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

    static Stream<String> noMessages() {
        return Stream.of(
                "null",
                "true",
                "1",
                "\"hello\"",
                "[]",
                "{}",
                "",
                "{",
                "NaN",
                "\0",
                "x".repeat(20_000_000),
                "[".repeat(1_000_000),
                "[".repeat(1_000_000) + "]".repeat(1_000_000),
                "{\"type\":null}",
                "{\"type\":{\"toString\":1}}",
                "{\"type\":[]}");
    }

    @Test
    void what_is_no_message_at_all_is_said_to_be_none() throws InterruptedException {
        try (var dashboard = opened()) {
            ServerWebSocket socket = instance.dashboard();
            int second = 100;
            for (String text : noMessages().toList()) {
                socket.writeTextMessage(text).await();
                about(text, () -> assertThat(dashboard.slot("why")).containsText(FOREIGN));
                if (second == 100) {
                    dashboard.expectState("Not a Resound feed");
                }
                assertResponsive(dashboard);

                socket.writeBinaryMessage(Buffer.buffer(new byte[100])).await();
                if (second == 100) {
                    ScriptedInstance.say(socket, ScriptedInstance.hello(second), true);
                }
                ScriptedInstance.say(socket, ScriptedInstance.sample(++second), true);
                dashboard.expectState("Live");
                forgetWhy(dashboard);
            }
        }
    }

    /** Each replaces a member of a hello. */
    static Stream<String> brokenHellos() {
        return Stream.of(
                "schema=\"1\"",
                "schema=null",
                "instance=null",
                "instance={\"toString\":1}",
                "build=null",
                "build={\"version\":{}}",
                "time=\"now\"",
                "time=-1",
                "time=1e300",
                "startedAt=null",
                "interval=0",
                "interval=-1",
                "interval=1e9",
                "interval=\"1\"",
                "keepAlive=1",
                "keepAlive={\"interval\":\"x\"}",
                "history=null",
                "history=[]",
                "history={\"step\":5,\"columns\":[],\"rows\":null}",
                "history={\"step\":0,\"columns\":[],\"rows\":[]}",
                "history={\"step\":5,\"columns\":null,\"rows\":[]}",
                "history={\"step\":5,\"columns\":[1],\"rows\":[]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\"],\"rows\":[[1]]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\"],\"rows\":[null]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\"],\"rows\":[[2,2],[1,1]]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\"],\"rows\":[[-1,1]]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\"],\"rows\":[[\"1\",1]]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\",\"time.x\"],\"rows\":[[1,1,1]]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\",\"closed\"],\"rows\":[[1,1,\"many\"]]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\",\"a\",\"a.__proto__.x\"],\"rows\":[[1,1,{},1]]}",
                "history={\"step\":5,\"columns\":[\"time\",\"uptime\",\"__proto__.polluted\",\"a.b.c.d.e.f\"],\"rows\":[[1,1,1,1]]}");
    }

    /** As many of them as one page watches at once. */
    static List<List<String>> pagesOfBrokenHellos() {
        List<String> all = brokenHellos().toList();
        return IntStream.range(0, (all.size() + PANELS - 1) / PANELS)
                .mapToObj(page -> all.subList(page * PANELS, Math.min(all.size(), (page + 1) * PANELS)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pagesOfBrokenHellos")
    void a_hello_with_a_wrong_member_is_no_hello(List<String> changes) throws InterruptedException {
        Object[] urls = IntStream.range(0, changes.size())
                .mapToObj(i -> instance.url() + "?" + i)
                .toArray();
        try (var dashboard = DashboardPage.open(chromium, resound, urls).allowAll()) {
            for (int i = 0; i < changes.size(); i++) {
                ServerWebSocket socket = instance.dashboard();
                String change = changes.get(Integer.parseInt(socket.query()));
                socket.writeTextMessage(with(ScriptedInstance.hello(100), change))
                        .await();
            }
            for (int i = 0; i < changes.size(); i++) {
                var panel = dashboard.panels().nth(i);
                about(changes.get(i), () -> {
                    assertThat(panel.locator("[data-slot=state]")).hasText("Not a Resound feed");
                    assertThat(panel.locator("[data-slot=why]")).containsText(FOREIGN);
                });
            }
            assertThat(dashboard.page().evaluate("({}).polluted")).isNull();
            assertResponsive(dashboard);
        }
    }

    /** Each replaces a member of a sample or an event. */
    static Stream<String> brokenSamples() {
        return Stream.concat(
                Stream.of(
                                "time=null",
                                "time=\"1\"",
                                "time=-5",
                                "time=1e13",
                                "uptime=null",
                                "uptime=-1",
                                "uptime={}",
                                "connections=\"many\"",
                                "connections=[]",
                                "connections={\"echo\":[1]}",
                                "connections={\"echo\":-1}",
                                "connections={\"echo\":1e300}",
                                "connectionsByHttp=\"2\"",
                                "closed={\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}}}",
                                "heap={\"used\":true}",
                                "connectionsLimit=\"x\"",
                                "eventsSuppressed=1e400")
                        .map(change -> with(ScriptedInstance.sample(101), change)),
                Stream.of(
                        with(ScriptedInstance.opened(101), "time=\"1\""),
                        with(ScriptedInstance.opened(101), "protocol=null"),
                        with(ScriptedInstance.opened(101), "http=2"),
                        with(ScriptedInstance.closed(101), "cause={}"),
                        with(ScriptedInstance.closed(101), "duration=\"x\""),
                        with(ScriptedInstance.closed(101), "messages=null"),
                        with(ScriptedInstance.closed(101), "messages={\"received\":\"1\",\"sent\":1}"),
                        ScriptedInstance.hello(100).encode(),
                        DEEP + "{\"a\":".repeat(500_000) + "1" + "}".repeat(500_000) + "}",
                        DEEP
                                + IntStream.range(0, 100_000)
                                        .mapToObj(i -> "\"" + i + "\":1")
                                        .collect(Collectors.joining(",", "{", "}"))
                                + "}"));
    }

    @Test
    void a_broken_sample_or_event_is_left_out_and_the_next_good_one_is_shown() throws InterruptedException {
        try (var dashboard = opened()) {
            ServerWebSocket socket = instance.dashboard();
            ScriptedInstance.say(socket, ScriptedInstance.hello(100), true);
            int second = 101;
            for (String broken : brokenSamples().toList()) {
                socket.writeTextMessage(broken).await();
                about(broken, () -> assertThat(dashboard.slot("why")).containsText(FOREIGN));
                ScriptedInstance.say(socket, ScriptedInstance.sample(++second), true);
                String closed = Integer.toString(2 * second + second / 60);
                about("after " + broken, () -> {
                    dashboard.expectFact("Closed", closed);
                    dashboard.expectState("Live");
                });
                forgetWhy(dashboard);
                assertResponsive(dashboard);
            }
            assertThat(dashboard.panel().locator(".events li")).hasCount(0);
        }
    }

    @Test
    void of_a_history_without_end_the_newest_is_kept() throws InterruptedException {
        String rows = IntStream.range(0, 200_000)
                .mapToObj(i -> "[%d,%d,%d,null]".formatted(1_700_000_000 + i, i, i % 7))
                .collect(Collectors.joining(","));
        try (var dashboard = opened()) {
            ServerWebSocket socket = instance.dashboard();
            socket.writeTextMessage(with(
                            ScriptedInstance.hello(0).put("time", 1_700_199_999),
                            "history={\"step\":1,\"columns\":[\"time\",\"uptime\",\"connections.echo\",\"closed.client\"],\"rows\":["
                                    + rows + "]}"))
                    .await();
            assertThat(dashboard.slot("name")).hasText("scripted");
            dashboard.expectFact("Up for", "2\u00a0d 7\u00a0h");
            dashboard.expectFact("Closed", "0");
            assertResponsive(dashboard);
        }
    }

    @Test
    void huge_texts_are_shortened() throws InterruptedException {
        String huge = "A".repeat(1_000_000);
        try (var dashboard = opened()) {
            ServerWebSocket socket = instance.dashboard();
            ScriptedInstance.say(
                    socket,
                    ScriptedInstance.hello(100)
                            .put("instance", huge)
                            .put("build", new JsonObject().put("version", huge)),
                    true);
            ScriptedInstance.say(socket, ScriptedInstance.sample(101), true);
            ScriptedInstance.say(socket, ScriptedInstance.closed(101).put("cause", huge), true);
            assertThat(dashboard.panel().locator(".events li")).hasCount(1);
            ScriptedInstance.say(socket, ScriptedInstance.sample(102), true);
            dashboard.expectState("Live");
            assertThat(dashboard.panel().textContent()).hasSizeLessThan(5000);
            assertThat(dashboard.page().evaluate("document.documentElement.scrollWidth"))
                    .isEqualTo(1280);
            dashboard.shot("huge-texts");
        }
    }

    @Test
    void another_version_of_the_feed_is_named() throws InterruptedException {
        try (var dashboard = opened()) {
            instance.dashboard()
                    .writeTextMessage("{\"type\":\"hello\",\"schema\":2}")
                    .await();
            assertThat(dashboard.slot("why")).containsText("speaks version 2 of the feed");
        }
    }

    @Test
    void a_flood_ends_the_connection_and_not_the_page() throws InterruptedException {
        String event =
                ScriptedInstance.opened(1).put("ignored", "x".repeat(100_000)).encode();
        for (String flood : List.of("x", event)) {
            // The browser tells its driver of each message; what is left of one flood must not delay the next page.
            try (var browser = Chromium.launch();
                    var dashboard = opened(browser)) {
                ServerWebSocket socket = instance.dashboard();
                ScriptedInstance.say(socket, ScriptedInstance.hello(100), true);
                long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
                while (!socket.isClosed() && System.nanoTime() < deadline) {
                    flood(socket, flood);
                    Thread.sleep(1);
                }
                assertThat(socket.isClosed()).isTrue();
                assertThat(dashboard.slot("why")).containsText("sends far more than a Resound instance does");
                assertThat(dashboard.panel().locator(".events li").count()).isLessThanOrEqualTo(50);
                assertResponsive(dashboard);
            }
        }
    }

    private static void flood(ServerWebSocket socket, String message) {
        try {
            for (int i = 0; i < 100 && !socket.writeQueueFull(); i++) {
                socket.writeTextMessage(message);
            }
        } catch (IllegalStateException _) {
            // The page closed it between two messages.
            assertThat(socket.isClosed()).isTrue();
        }
    }

    private static DashboardPage opened() {
        return opened(chromium);
    }

    private static DashboardPage opened(Chromium browser) {
        instance.forgetDashboards();
        return DashboardPage.open(browser, resound, instance.url()).allowAll();
    }

    /** The page keeps saying that something was wrong. So the next wrong message shows only after this. */
    private static void forgetWhy(DashboardPage dashboard) {
        dashboard.slot("why").evaluate("why => why.textContent = ''");
    }

    /** Says about which of many messages an expectation failed. */
    private static void about(String message, Runnable expectation) {
        try {
            expectation.run();
        } catch (AssertionError e) {
            throw new AssertionError(message.substring(0, Math.min(80, message.length())), e);
        }
    }

    private static String with(JsonObject message, String change) {
        String name = change.substring(0, change.indexOf('='));
        String value = change.substring(name.length() + 1);
        String rest = message.copy().put(name, "@@@").encode();
        return rest.replace("\"@@@\"", value);
    }

    /** Two frames and a macrotask later the page is still there, and it draws. */
    private static void assertResponsive(DashboardPage dashboard) {
        Object millis = dashboard.page().evaluate("""
                async () => {
                  const start = performance.now();
                  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
                  return Math.round(performance.now() - start);
                }
                """);
        assertThat(((Number) millis).intValue()).isLessThan(5000);
    }
}
