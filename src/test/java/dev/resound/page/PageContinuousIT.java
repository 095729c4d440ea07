package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Continuous mode: the rate, and what is said of messages that do not come back as they were sent. */
class PageContinuousIT {

    private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
            new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    @ParameterizedTest
    @ValueSource(strings = {"text", "binary"})
    void all_messages_come_back_from_the_real_service(String type) {
        client.connect();
        client.byId("sendMessage").fill("not of the run");
        run(type, 100, 1000, "2");
        client.byId("sendButton").click();
        assertThat(client.rows().last()).containsText("received, 0 lost, 0 out of order, 0 damaged", PATIENTLY);
        // A browser that stalls leaves messages out, and says so.
        Matcher result = Pattern.compile("(\\d+) sent, (\\d+) received(?:.*, (\\d+) left out)?")
                .matcher(client.rows().last().textContent());
        assertThat(result.find()).isTrue();
        String leftOut = Objects.requireNonNullElse(result.group(3), "0");
        assertThat(Integer.parseInt(result.group(1)) + Integer.parseInt(leftOut))
                .isEqualTo(200);
        assertThat(result.group(2)).isEqualTo(result.group(1));
        assertThat(client.byId("flowSent")).hasText(result.group(1));
        assertThat(client.byId("flowReceived")).hasText(result.group(1));
        assertThat(client.byId("flowStart")).isEnabled();
        client.assertRows(
                "Connection opened",
                "Continuous: 100 messages/s of 1000\u00a0bytes, " + type + ", for 2\u00a0s",
                "Client|Server|not of the run",
                "Server|Client|not of the run",
                client.rows().last().locator("td").first().textContent());
        assertThat(client.byId("roundTripsShort")).containsText("median");
        assertThat(client.byId("latencyP99")).hasText(Pattern.compile("[\\d.]+\u00a0ms"));
        assertThat(client.byId("latencyLost")).hasText("0");
        assertThat(client.byId("latencyPlot"))
                .hasAttribute(
                        "aria-label", Pattern.compile("Line chart of round trips over \\d+\u00a0seconds.*Lost: 0."));
        assertThat(client.byId("latencyPlot").locator("path.p50")).hasCount(1);
        client.wholeShot("continuous-" + type);
    }

    @Test
    void the_rate_is_the_one_that_was_asked_for() {
        client.connect();
        run("text", 20, 20, "3");
        // A slow browser leaves out what was due while it was busy.
        assertThat(client.rows().last()).containsText(Pattern.compile(" (60|5\\d) sent"), PATIENTLY);
        double rate =
                Double.parseDouble(client.byId("flowAchieved").textContent().replace("/s", ""));
        assertThat(rate).isBetween(15.0, 21.0);
    }

    @Test
    void a_run_without_end_goes_on_until_it_is_stopped() {
        client.connect();
        run("text", 50, 64, "");
        assertThat(client.byId("flowReceived")).hasText(Pattern.compile("[1-9]\\d+"));
        assertThat(client.byId("flowStart")).isDisabled();
        client.byId("flowStop").click();
        assertThat(client.rows().last()).containsText("Continuous, ended after");
        assertThat(client.byId("flowLost")).hasText("0");
        assertThat(client.byId("flowStart")).isEnabled();
    }

    @Test
    void the_end_of_the_connection_ends_the_run() {
        client.connect();
        run("text", 50, 64, "");
        assertThat(client.byId("flowReceived")).hasText(Pattern.compile("[1-9]\\d+"));
        client.byId("closeButton").click();
        assertThat(client.rows().last()).containsText("Connection closed. Code: 1000");
        assertThat(client.byId("flowStart")).isDisabled();
        assertThat(client.byId("flowStop")).isDisabled();
        assertThat(client.page().locator(".commslog-summary").last()).containsText("Continuous, ended after");
    }

    // A server, or something on the way, that does it wrong. The real one does not.

    @Test
    void a_message_that_is_swallowed_is_counted_as_lost() {
        answer((number, deliver) -> {
            if (number != 5 && number != 6) {
                deliver.run();
            }
        });
        assertThat(client.rows().last())
                .containsText("20 sent, 18 received, 2 lost, 0 out of order, 0 damaged", PATIENTLY);
        assertThat(client.byId("flowLost")).hasAttribute("data-bad", "true");
        assertThat(client.byId("latencyLost")).hasText("2");
        assertThat(client.byId("latencyPlot").locator("path.loss")).hasCount(1);
    }

    @Test
    void the_chart_keeps_two_minutes_and_shows_each_second() {
        assertThat(client.inModule("client/latency.js", """
                        ({ Latency }) => {
                          const latency = new Latency();
                          latency.start(0);
                          for (let second = 0; second < 86_400; second++) {
                            [1, 2, 3].forEach((millis) => latency.add(second === 86_398 ? 100 * millis : millis, second + 0.5));
                          }
                          latency.advance(86_400, 4);
                          const { p50, max, lost } = latency.slots.at(-2);
                          return [latency.slots.length, Math.round(p50 / 10), max, lost, latency.slots.at(-1).lost].join();
                        }""", null)).isEqualTo("120,20,300,0,4");
    }

    @Test
    void a_second_without_an_echo_is_a_gap_in_the_chart() {
        assertThat(client.inModule("client/latency.js", """
                        ({ Latency }) => {
                          const latency = new Latency();
                          latency.start(0);
                          latency.add(5, 0.5);
                          latency.add(5, 3.5);
                          latency.advance(4, 0);
                          return latency.slots.map(({ max }) => max).join();
                        }""", null)).isEqualTo("5,,,5");
    }

    @Test
    void the_last_messages_that_do_not_come_are_lost_too() {
        answer((number, deliver) -> {
            if (number < 18) {
                deliver.run();
            }
        });
        assertThat(client.byId("flowNote")).containsText("Waiting for 2");
        assertThat(client.rows().last())
                .containsText("20 sent, 18 received, 2 lost, 0 out of order, 0 damaged", PATIENTLY);
    }

    @Test
    void a_message_that_another_one_has_overtaken_is_out_of_order() {
        List<Runnable> held = new ArrayList<>();
        answer((number, deliver) -> {
            if (number == 7) {
                held.add(deliver);
            } else {
                deliver.run();
            }
            if (number == 9) {
                held.getFirst().run();
            }
        });
        assertThat(client.rows().last())
                .containsText("20 sent, 20 received, 0 lost, 1 out of order, 0 damaged", PATIENTLY);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30, 63})
    void a_changed_byte_is_damage_wherever_it_is(int position) {
        client.page()
                .routeWebSocket(
                        Pattern.compile(".*"),
                        route -> route.onMessage(frame -> {
                            String text = frame.text();
                            boolean isHit = text.contains("0000000004 ");
                            char changed = (char) (text.charAt(position) ^ 1);
                            route.send(
                                    isHit
                                            ? text.substring(0, position) + changed + text.substring(position + 1)
                                            : text);
                        }));
        client.open("");
        client.connect();
        run("text", 20, 64, "1");
        assertThat(client.rows().last()).containsText("20 sent, 20 received", PATIENTLY);
        assertThat(client.byId("flowDamaged")).hasText("1");
        assertThat(client.byId("flowDamaged")).hasAttribute("data-bad", "true");
    }

    /** Has a server of the test's own answer the messages of a run, which are numbered from 0. */
    private static void answer(BiConsumer<Integer, Runnable> answering) {
        client.page().routeWebSocket(Pattern.compile(".*"), (WebSocketRoute route) -> {
            int[] next = {0};
            route.onMessage(frame -> answering.accept(next[0]++, () -> route.send(frame.text())));
        });
        client.open("");
        client.connect();
        run("text", 20, 64, "1");
    }

    @Test
    void a_socket_that_takes_less_is_not_swamped_and_the_page_says_that_it_falls_behind() throws IOException {
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            try (Socket slow = peer.accept()) {
                run("binary", 1000, 65_536, "");
                assertThat(client.byId("flowNote")).containsText("Too slow", PATIENTLY);
                client.unfold("details");
                assertThat(client.byId("detailsList")).containsText("still in the browser");
                assertThat(client.byId("detailsList")).not().containsText("MiB of it");
                client.shot("falls-behind");
                client.byId("flowStop").click();
                assertThat(slow.isConnected()).isTrue();
            }
        }
    }

    @Test
    void what_cannot_be_sent_is_said_and_not_tried() {
        client.connect();
        run("text", 0, 64, "1");
        assertThat(client.byId("flowRateProblem")).containsText("0.1 to 5000");
        run("text", 10, 19, "1");
        assertThat(client.byId("flowSizeProblem")).containsText("20 to");
        run("text", 10, 64, "-1");
        assertThat(client.byId("flowSecondsProblem")).containsText("0.1 to");
        assertThat(client.rows()).hasCount(1);
        assertThat(client.byId("flowStart")).isEnabled();
    }

    @Test
    void many_thousand_messages_leave_nothing_behind_in_memory() {
        CDPSession tools = client.page().context().newCDPSession(client.page());
        client.connect();
        run("text", 2000, 200, "");
        untilReceived(4_000);
        double before = heap(tools);
        untilReceived(30_000);
        double growth = heap(tools) - before;
        client.byId("flowStop").click();
        // 26,000 messages of 200 bytes are 5 MB.
        assertThat(growth).isLessThan(1_000_000);
        assertThat(client.byId("flowLost")).hasText("0");
    }

    private static double heap(CDPSession tools) {
        tools.send("HeapProfiler.collectGarbage");
        JsonObject usage = tools.send("Runtime.getHeapUsage");
        return usage.get("usedSize").getAsDouble();
    }

    private static void untilReceived(int messages) {
        client.page()
                .waitForFunction(
                        "least => Number(flowReceived.textContent.replaceAll(',', '')) >= least",
                        messages,
                        new Page.WaitForFunctionOptions().setTimeout(120_000));
    }

    private static void run(String type, int rate, int size, String seconds) {
        client.byId("flowGroup").evaluate("group => { group.open = true; }");
        client.byId("flowType").selectOption(type);
        client.byId("flowRate").fill(String.valueOf(rate));
        client.byId("flowSize").fill(String.valueOf(size));
        client.byId("flowSeconds").fill(seconds);
        client.byId("flowStart").click();
    }
}
