package dev.resound.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.Metric;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of metrics against the catalogue in the code. */
class MetricsTest {

    private static final Pattern NAME = Pattern.compile("(websocket|resound)_[a-z_]+[a-z]");

    static List<Markdown> files() {
        return Markdown.all();
    }

    @Test
    void the_table_is_the_catalogue() {
        assertThat(Markdown.read("src/docs/observability.md").rows("metric", "type", "unit", "labels", "meaning"))
                .map(cells -> cells.subList(0, 4).stream().map(Markdown::plain).toList())
                .containsExactlyInAnyOrderElementsOf(Stream.of(Metric.values())
                        .map(metric -> List.of(
                                metric.key(),
                                metric.type().name().toLowerCase(Locale.ROOT),
                                metric.unit(),
                                metric.labels().stream().map(Metric.Label::key).collect(Collectors.joining(", "))))
                        .toList());
    }

    @Test
    void the_values_of_labels_without_a_table_of_their_own_are_named() {
        String metrics = Markdown.read("src/docs/observability.md").text();
        Stream.of(Metric.Label.PROTOCOL, Metric.Label.HTTP, Metric.Label.TYPE, Metric.Label.KIND)
                .flatMap(label -> label.closedSet().stream())
                .forEach(value -> assertThat(metrics).contains("`" + value + "`"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_metric_that_is_named_exists(Markdown markdown) {
        List<String> known = Stream.of(Metric.values()).map(Metric::key).toList();
        assertThat(markdown.codeSpans().stream()
                        .map(NAME::matcher)
                        .filter(Matcher::lookingAt)
                        .map(match -> match.group().replaceFirst("_(bucket|count|sum)$", ""))
                        .toList())
                .as("metrics named in %s", markdown.file())
                .isSubsetOf(known);
    }
}
