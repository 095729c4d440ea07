package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import dev.resound.test.RunningResound;
import io.vertx.core.http.ServerWebSocket;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A dashboard that stays open for a day. */
class DashboardMemoryIT {

    private static final int HOUR = 3600;
    /** Seconds between two samples: with one a second, a day in a minute would be a flood, which ends the connection. */
    private static final int INTERVAL = 10;

    private static final long MOST_GROWTH = 512 * 1024;
    private static final long MOST_NODES = 100;

    private static final Logger log = LoggerFactory.getLogger(DashboardMemoryIT.class);

    /** After the garbage is collected. */
    private record Footprint(long heap, long nodes, long listeners) {

        /** The least of a few, as each is taken while the page goes on. */
        static Footprint of(CDPSession browser) {
            return Stream.generate(() -> once(browser))
                    .limit(5)
                    .min(Comparator.comparingLong(Footprint::heap))
                    .orElseThrow();
        }

        private static Footprint once(CDPSession browser) {
            browser.send("HeapProfiler.collectGarbage");
            JsonObject counters = browser.send("Memory.getDOMCounters");
            return new Footprint(
                    browser.send("Runtime.getHeapUsage").get("usedSize").getAsLong(),
                    counters.get("nodes").getAsLong(),
                    counters.get("jsEventListeners").getAsLong());
        }
    }

    @Test
    void a_day_of_samples_takes_no_more_memory_than_two_hours() throws InterruptedException {
        try (Chromium chromium = Chromium.launch();
                var resound = RunningResound.start();
                var instance = new ScriptedInstance();
                var dashboard =
                        DashboardPage.open(chromium, resound, instance.url()).allowAll()) {
            CDPSession browser = dashboard.page().context().newCDPSession(dashboard.page());
            play(instance, 0, 2 * HOUR);
            dashboard.expectFact("Up for", "2\u00a0h");
            Footprint early = Footprint.of(browser);
            for (int hour = 2; hour < 24; hour += 2) {
                play(instance, hour * HOUR, (hour + 2) * HOUR);
            }
            dashboard.expectFact("Up for", "1\u00a0d");
            dashboard.expectTotal("messages", "received", "8,726,400");
            assertThat(dashboard.panel().locator(".events li")).hasCount(50);
            Footprint late = Footprint.of(browser);
            log.info("after 2 hours {}, after 24 hours {}", early, late);
            assertThat(late.heap() - early.heap()).isLessThan(MOST_GROWTH);
            assertThat(late.nodes() - early.nodes()).isLessThan(MOST_NODES);
            assertThat(late.listeners() - early.listeners()).isLessThan(MOST_NODES);
        }
    }

    /** Then the connection ends, and the dashboard comes back by itself. */
    private static void play(ScriptedInstance instance, int from, int until) throws InterruptedException {
        ServerWebSocket socket = instance.dashboard();
        ScriptedInstance.say(socket, ScriptedInstance.hello(from).put("interval", INTERVAL), true);
        for (int second = from + INTERVAL; second <= until; second += INTERVAL) {
            ScriptedInstance.say(socket, ScriptedInstance.sample(second), second % 100 == 0);
            ScriptedInstance.say(socket, ScriptedInstance.opened(second), false);
            ScriptedInstance.say(socket, ScriptedInstance.closed(second), false);
        }
        if (until % (24 * HOUR) != 0) {
            socket.close((short) 1012, "on with it").await();
        }
    }
}
