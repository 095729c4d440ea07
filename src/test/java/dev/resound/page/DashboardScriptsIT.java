package dev.resound.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.RunningResound;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard's modules that know no page, run by the browser. */
class DashboardScriptsIT {

    /** A gauge and a counter; `sample(time, total)` of a server that started at 0. */
    private static final String SETTING = """
            const { History, SPAN } = await import('./dashboard/history.js');
            const { numberAt } = await import('./dashboard/measures.js');
            const { format } = await import('./dashboard/numbers.js');
            const history = new History([
              { value: ({ open }) => open },
              { value: ({ rate }) => rate, total: ({ total }) => total },
            ]);
            const sample = (time, total = 0, rate = 9) => ({ time, uptime: time, open: 1, total, rate });
            """;

    private static Chromium chromium;
    private static RunningResound resound;
    private static DashboardPage dashboard;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        resound = RunningResound.start();
        dashboard = DashboardPage.open(chromium, resound);
    }

    @AfterAll
    static void stop() {
        if (dashboard != null) {
            dashboard.close();
            resound.close();
            chromium.close();
        }
    }

    private static Object run(String script) {
        return dashboard.page().evaluate("async () => {\n" + SETTING + script + "\n}");
    }

    @Test
    void a_missed_time_is_a_gap() {
        assertThat(run("[1, 2, 3, 10, 11].forEach((time) => history.add(sample(time), 1)); return history.columns[0];"))
                .isEqualTo(Arrays.asList(1, 1, 1, null, 1, 1));
    }

    @Test
    void the_steps_of_the_history_are_no_gaps() {
        assertThat(run("""
                [5, 10, 15].forEach((time) => history.add(sample(time), 5, 1));
                [19, 20].forEach((time) => history.add(sample(time), 1, 1));
                return history.times;
                """)).isEqualTo(List.of(5, 10, 15, 19, 20));
    }

    @Test
    void a_rate_is_the_samples_own_or_the_average_where_samples_are_missing() {
        assertThat(run("""
                history.add(sample(1, 0), 1);
                history.add(sample(2, 100), 1);
                history.add(sample(4, 120), 1);
                return history.columns[1];
                """)).isEqualTo(List.of(9, 9, 10));
    }

    @Test
    void another_run_of_the_server_begins_behind_a_gap() {
        assertThat(run("""
                history.add(sample(1, 100), 1);
                history.interrupt();
                history.add(sample(2, 0, 3), 1);
                return history.columns[1];
                """)).isEqualTo(Arrays.asList(9, null, 3));
    }

    @Test
    void a_clock_that_is_set_back_takes_what_was_later_with_it() {
        assertThat(run("[1, 2, 3, 4, 5, 2, 3].forEach((time) => history.add(sample(time), 1)); return history.times;"))
                .isEqualTo(List.of(1, 2, 3));
    }

    @Test
    void fifteen_minutes_are_kept_at_most_one_point_a_second() {
        assertThat(run("""
                for (let time = 0; time < 5000; time += 0.25) {
                  history.add(sample(time), 0.25);
                }
                const { times } = history;
                return [times.at(-1) - times[1] <= SPAN, times.at(-1) - times[0] >= SPAN, times.length <= 1002, history.columns[1].length === times.length];
                """)).isEqualTo(List.of(true, true, true, true));
    }

    @Test
    void a_number_is_found_by_its_path_or_summed_up_below_it() {
        assertThat(run("""
                const all = { closed: { client: 2, idle: 3 }, messages: { sent: { text: 4, binary: 5 } }, p50: null };
                return [numberAt(all, 'closed.idle'), numberAt(all, 'closed'), numberAt(all, 'messages'), numberAt(all, 'p50'), numberAt(all, 'no.where')];
                """)).isEqualTo(Arrays.asList(3, 5, 9, null, null));
    }

    @Test
    void a_watched_total_grows_since_the_start_or_within_a_time() {
        assertThat(run("""
                const watching = new History([], ['total', 'state']);
                const at = (time, uptime, total, state) => watching.add({ time, uptime, total, state }, 10);
                at(100, 50, 7, 0);
                const young = watching.increase('total', 60);
                at(110, 60, 8, 1);
                at(120, 70, 10, 1);
                const grown = [watching.increase('total', 60), watching.increase('total', 10), watching.most('total', 60), watching.share('state', 40)];
                watching.interrupt();
                at(130, 500, 90, 0);
                return [young, ...grown, watching.increase('total', 60)];
                """)).isEqualTo(Arrays.asList(7, 3, 2, 10, 0.5, 0));
    }

    /** Numbers that an alert compares with, and windows in seconds. */
    @Test
    void the_problems_are_the_shipped_alerts_with_their_severities_and_numbers() throws IOException {
        Pattern numbers = Pattern.compile(
                "[<>] (?:time\\(\\) \\+ )?(?<number>[\\d.]+)(?: \\* (?<factor>\\d+))?|\\[(?<minutes>\\d+)(?<unit>[mh])]|:rate(?<rate>\\d+)m");
        List<List<Object>> shipped = new ArrayList<>();
        for (JsonObject alert : shippedAlerts()) {
            Set<Double> found = new TreeSet<>();
            var matcher = numbers.matcher(alert.getString("expr"));
            while (matcher.find()) {
                String number = matcher.group("number");
                if (number != null) {
                    found.add(Double.parseDouble(number)
                            * Double.parseDouble(Objects.requireNonNullElse(matcher.group("factor"), "1")));
                } else if (matcher.group("rate") != null) {
                    found.add(60 * Double.parseDouble(matcher.group("rate")));
                } else {
                    found.add((matcher.group("unit").equals("h") ? 3600 : 60)
                            * Double.parseDouble(matcher.group("minutes")));
                }
            }
            if (alert.getString("alert").equals("ResoundDrainStuck")) {
                found.add(60 * Double.parseDouble(alert.getString("for").replace("m", "")));
            }
            found.remove(0.0);
            shipped.add(List.of(
                    alert.getString("alert"), alert.getJsonObject("labels").getString("severity"), found.toString()));
        }
        Object shown = run("""
                const { ALERTS } = await import('./dashboard/alerts.js');
                return ALERTS.map(({ name, severity, numbers }) => [name, severity, [...new Set(Object.values(numbers))].sort((a, b) => a - b)]);
                """);
        List<List<Object>> inOrder = new ArrayList<>();
        for (Object alert : (List<?>) shown) {
            List<?> parts = (List<?>) alert;
            inOrder.add(List.of(
                    parts.get(0),
                    parts.get(1),
                    ((List<?>) parts.get(2))
                            .stream()
                                    .map(value -> ((Number) value).doubleValue())
                                    .toList()
                                    .toString()));
        }
        assertThat(inOrder).isEqualTo(shipped);
    }

    /** All but those on what the feed of an instance does not tell. */
    private static List<JsonObject> shippedAlerts() throws IOException {
        JsonObject rules = new JsonObject(new Yaml(new SafeConstructor(new LoaderOptions()))
                .<Map<String, Object>>load(Files.readString(Path.of("k8s", "chart", "files", "prometheus-rule.yaml"))));
        return rules.getJsonObject("spec").getJsonArray("groups").stream()
                .flatMap(group -> ((JsonObject) group).getJsonArray("rules").stream())
                .map(JsonObject.class::cast)
                .filter(rule -> rule.containsKey("alert")
                        && !Set.of("ResoundDown", "ResoundFleetDisconnected").contains(rule.getString("alert")))
                .toList();
    }

    @Test
    void numbers_are_written_for_people() {
        assertThat(run("""
                return [['count', 1234567], ['perSecond', 0.25], ['bytes', 1536], ['seconds', 0], ['seconds', 0.00042], ['seconds', 0.0123], ['duration', 7322],
                  ['duration', 86400], ['count', null]].map(([unit, value]) => format(unit, value).replaceAll('\\u00a0', ' '));
                """))
                .isEqualTo(List.of(
                        "1,234,567",
                        "0.25/s",
                        "1.5 KiB",
                        "0 s",
                        "420 \u00b5s",
                        "12.3 ms",
                        "2 h 2 min",
                        "1 d",
                        "\u2013"));
    }
}
