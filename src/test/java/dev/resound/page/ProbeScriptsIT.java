package dev.resound.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.resound.test.RunningResound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The modules of the idle probe that know no page, run by the browser on made-up networks for 20 minutes of made-up time. */
@Timeout(60)
class ProbeScriptsIT {

    private static Chromium chromium;
    private static RunningResound resound;
    private static Page page;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        resound = RunningResound.start();
        page = chromium.browser().newPage();
        page.navigate(resound.page().toString());
    }

    @AfterAll
    static void stop() {
        if (resound != null) {
            resound.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60   | closed | nginx, ingress-nginx (60 s; proxy_read_timeout | without a Close frame (code 1006)",
                "50   | closed | haproxy as Debian configures it                | Seen on",
                "100  | closed | Cloudflare (100 s                              | Traffic in either direction",
                "350  | closed | AWS Network Load Balancer                      | at least every 2 min 50 s",
                "240  | silent | Azure Load Balancer                            | Neither side is told",
                "350  | reset  | AWS Network Load Balancer                      | until the next message, which ends it",
                "600  | silent | AWS API Gateway                                | No maximum age",
                "1000 | closed | No known default matches                       | Seen on one connection only",
            })
    void it_finds_an_idle_timeout_and_names_what_has_it_by_default(int idle, String how, String match, String note)
            throws IOException {
        Map<?, ?> result = run(Map.of("idle", idle, "how", how));
        assertThat(text(result))
                .contains("Something between this browser and the server closes idle connections after", match, note);
        double from = number(result, "from");
        double to = number(result, "to");
        assertThat(from).isLessThanOrEqualTo(idle + 1.0);
        assertThat(to).isGreaterThanOrEqualTo(idle);
        assertThat(to / from).as("from %s to %s", from, to).isLessThan(idle < 600 ? 1.08 : 1.2);
        assertThat(number(result, "mostOpen")).isLessThanOrEqualTo(12);
        assertThat(number(result, "connections")).isLessThanOrEqualTo(44);
        assertThat(number(result, "stillOpen")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"30, closed, Google Cloud Application Load Balancer", "200, silent, nobody closed"})
    void it_tells_a_maximum_age_from_an_idle_timeout(int age, String how, String expected) throws IOException {
        Map<?, ?> result = run(Map.of("age", age, "how", how));
        assertThat(text(result)).startsWith("Connections end at an age of").contains(expected);
        assertThat(number(result, "to")).isZero();
        assertThat(number(result, "seconds")).isLessThan(age * 2.5);
    }

    @Test
    void it_finds_both() throws IOException {
        assertThat(text(run(Map.of("idle", 60, "age", 300))))
                .contains("closes idle connections after 60 s", "Connections end at an age of 5 min");
    }

    @ParameterizedTest
    @CsvSource({
        "up, 'Messages of the client alone keep it open. Messages of the server alone do not keep it open.'",
        "down, 'Messages of the client alone do not keep it open. Messages of the server alone keep it open.'"
    })
    void it_finds_out_which_direction_counts(String only, String expected) throws IOException {
        assertThat(text(run(Map.of("idle", 60, "only", only)))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"closed, 7", "silent, 2"})
    void an_outage_is_no_timeout(String how, int least) throws IOException {
        Map<?, ?> result = run(Map.of("outage", 100, "how", how));
        assertThat(text(result)).startsWith("Nothing closes connections").contains("this is no timeout");
        assertThat(number(result, "shaken")).isGreaterThanOrEqualTo(least);
    }

    @Test
    void connections_that_end_while_the_computer_sleeps_do_not_count() throws IOException {
        Map<?, ?> result = run(Map.of("idle", 60, "sleep", Map.of("at", 30, "seconds", 120)));
        assertThat(text(result)).contains("after 60 s", "stood still for 2 min");
        assertThat(text(run(Map.of("sleep", Map.of("at", 30, "seconds", 120))))).startsWith("Nothing closes");
    }

    @Test
    void one_connection_that_ends_early_is_no_timeout() throws IOException {
        assertThat(text(run(Map.of("odd", 42))))
                .startsWith("Nothing closes connections")
                .contains("1 connection ended earlier than others: after 42 s");
    }

    @Test
    void a_close_frame_tells_that_the_server_or_its_gateway_has_closed() throws IOException {
        assertThat(text(run(Map.of("idle", 600, "code", 1001, "reason", "Going away"))))
                .startsWith("The server, or a gateway that answers for it, closes idle connections after 10 min")
                .contains("AWS API Gateway", "code 1001, reason \u201cGoing away\u201d");
    }

    @Test
    void where_the_server_keeps_pinging_the_result_says_so() throws IOException {
        assertThat(text(run(Map.of("refused", "keep-alive=off"))))
                .contains("The server pings every 25 s. It refused to turn them off");
        assertThat(text(run(Map.of("isResound", false, "idle", 55))))
                .startsWith("The server, or something between this browser and it, closes idle connections after 55 s")
                .contains("No page can see pings");
    }

    private static Map<?, ?> run(Map<String, ?> network) throws IOException {
        String script = Files.readString(Path.of("src/test/resources/page/idle-network.js"));
        return (Map<?, ?>) page.evaluate(script.substring(script.indexOf("async")), network);
    }

    private static String text(Map<?, ?> result) {
        return String.valueOf(result.get("text"));
    }

    private static double number(Map<?, ?> result, String name) {
        return Double.parseDouble(String.valueOf(result.get(name)));
    }
}
