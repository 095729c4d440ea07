package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.lifecycle.BuildInfo;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.impl.buffer.VertxByteBufAllocator;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code /metrics} shows, whatever happened. */
class ExpositionTest {

    private static final String OPEN_METRICS = "application/openmetrics-text";

    private static RunningResound resound = RunningResound.start("fleet.redis", "redis://127.0.0.1:1");

    @BeforeAll
    static void bothLoopsHaveReported() {
        MetricsPage.await(
                resound,
                page -> page.series().containsKey("resound_event_loop_lag_seconds{loop=\"0\"}")
                        && page.series().containsKey("resound_event_loop_lag_seconds{loop=\"1\"}"));
    }

    @AfterAll
    static void close() {
        resound.close();
    }

    @ParameterizedTest
    @EnumSource(value = Metric.class, mode = EnumSource.Mode.EXCLUDE, names = "CERTIFICATE_EXPIRY")
    void every_metric_of_the_catalogue_is_there_from_the_start(Metric metric) {
        MetricsPage page = MetricsPage.of(resound);
        String type = metric.type().name().toLowerCase(java.util.Locale.ROOT);
        assertThat(page.text())
                .contains("# HELP " + metric.key() + " " + metric.help() + "\n")
                .contains("# TYPE " + metric.key() + " " + type + "\n");
        for (String labels : combinations(metric.labels())) {
            assertThat(page.series()).containsKey(metric.key() + labels);
        }
    }

    /** All labels as they stand behind the name of a series; none if a label's values are known only at run time. */
    private static List<String> combinations(List<Metric.Label> labels) {
        List<String> combinations = List.of("");
        for (Metric.Label label :
                labels.stream().sorted(Comparator.comparing(Metric.Label::key)).toList()) {
            combinations = combinations.stream()
                    .flatMap(before -> label.closedSet().stream()
                            .map(value -> "%s,%s=\"%s\"".formatted(before, label.key(), value)))
                    .toList();
        }
        return combinations.stream()
                .filter(names -> !names.isEmpty())
                .map(names -> "{" + names.substring(1) + "}")
                .toList();
    }

    @Test
    void without_tls_there_is_no_certificate_to_expire() {
        assertThat(MetricsPage.of(resound).text()).doesNotContain(Metric.CERTIFICATE_EXPIRY.key());
    }

    @Test
    void the_build_and_the_transport_are_told() {
        MetricsPage page = MetricsPage.of(resound);
        assertThat(page.value(
                        "resound_build_info{version=\"" + BuildInfo.current().version() + "\"}"))
                .isEqualTo(1);
        assertThat(page.value("resound_transport_info{transport=\"nio\"}")).isEqualTo(1);
    }

    @Test
    void the_libraries_tell_of_the_jvm_the_process_and_netty() {
        Set<String> names = new TreeSet<>();
        MetricsPage.of(resound).series().keySet().forEach(name -> names.add(name.replaceAll("\\{.*", "")));
        assertThat(names)
                .contains(
                        "jvm_info",
                        "jvm_memory_used_bytes",
                        "jvm_gc_memory_allocated_bytes_total",
                        "jvm_threads_live_threads",
                        "jvm_classes_loaded_classes",
                        "process_uptime_seconds",
                        "process_cpu_seconds_total",
                        "process_files_open_files",
                        "process_resident_memory_bytes",
                        "netty_allocator_memory_used");
    }

    @Test
    void the_allocator_that_is_shown_is_the_one_of_the_channels() {
        assertThat(VertxByteBufAllocator.POOLED_ALLOCATOR).isSameAs(ByteBufAllocator.DEFAULT);
        String type = ByteBufAllocator.DEFAULT.getClass().getSimpleName();
        MetricsPage.of(resound)
                .value("netty_allocator_memory_used{allocator_type=\"%s\",memory_type=\"direct\"}".formatted(type));
    }

    @Test
    void open_metrics_ends_with_its_mark_and_has_the_same_series() {
        MetricsPage text = MetricsPage.of(resound);
        MetricsPage open = MetricsPage.of(resound, OPEN_METRICS);
        assertThat(open.text()).endsWith("\n# EOF\n").contains("# UNIT websocket_ping_rtt_seconds seconds\n");
        assertThat(open.text().indexOf("# EOF")).isEqualTo(open.text().lastIndexOf("# EOF"));
        assertThat(ownSeries(open)).isEqualTo(ownSeries(text));
    }

    @Test
    void open_metrics_keeps_a_metric_together_behind_its_type() {
        Set<String> seen = new HashSet<>();
        String family = "";
        for (String line : MetricsPage.of(resound, OPEN_METRICS).text().lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                family = line.split(" ", -1)[2];
                assertThat(seen.add(family)).as(line).isTrue();
            } else if (!line.startsWith("#")) {
                assertThat(line).startsWith(family);
            }
        }
    }

    @Test
    void clients_cannot_make_series() throws Exception {
        Set<String> before = ownSeries(MetricsPage.of(resound));
        List<Integer> codes = List.of(1000, 1001, 3000, 3999, 4000, 4321, 4999, 999, 1005, 5000);
        for (int code : codes) {
            try (var client = RawClient.connect(resound, RawClient.HANDSHAKE + "Origin: https://c" + code + ".com\n")) {
                client.send(RawClient.TEXT, "hello");
                client.sendClose(code);
                client.readToEnd();
            }
            try (var refused = RawClient.connect(resound, "M" + code + " /ws HTTP/1.1\nHost: h" + code + "\n")) {
                assertThat(refused.status()).isBetween(400, 499);
            }
        }
        MetricsPage after = MetricsPage.await(
                resound,
                page -> page.sum("websocket_connections_closed_total") == codes.size()
                        && page.sum("websocket_connections") == 0);
        assertThat(ownSeries(after)).isEqualTo(before);
    }

    private static Set<String> ownSeries(MetricsPage page) {
        Set<String> own = new TreeSet<>(page.series().keySet());
        own.removeIf(name -> !name.startsWith("websocket_") && !name.startsWith("resound_"));
        return own;
    }
}
