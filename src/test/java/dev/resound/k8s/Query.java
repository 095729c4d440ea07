package dev.resound.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads of a PromQL query what it needs to be there. It is no parser: that the query is a good one, Prometheus itself says.
 *
 * @param text as in a rule or in a dashboard
 */
record Query(String text) {

    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");
    private static final Pattern MATCHER = Pattern.compile("[{,]\\s*(\\w+)\\s*(?:=|!)");
    private static final Pattern CHOICE = Pattern.compile("=~\"([^\"|]*\\|[^\"]*)\"");
    private static final Pattern CLAUSE =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern PRESENCE = Pattern.compile("\\w+!?=\"\",?");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]");
    private static final Pattern SELECTOR = Pattern.compile("\\b([a-z_][\\w:]*)\\b(?!\\s*\\()(\\{[^}]*\\})?");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

    /** The series that it reads: names, with their matchers. */
    List<String> selectors() {
        String rest = RANGE.matcher(CLAUSE.matcher(text).replaceAll(" ")).replaceAll(" ");
        var match = SELECTOR.matcher(rest);
        List<String> selectors = new ArrayList<>();
        while (match.find()) {
            if (!OPERATORS.contains(match.group(1))) {
                selectors.add(match.group());
            }
        }
        return selectors;
    }

    /**
     * The selectors with every negation and choice written out, so that a value that never occurs is found. Without matchers that only
     * ask whether a label is there.
     */
    List<String> demands() {
        return selectors().stream()
                .map(selector -> PRESENCE.matcher(selector).replaceAll(""))
                .map(selector -> selector.replace("!=", "=").replace("!~", "=~"))
                .flatMap(Query::choices)
                .toList();
    }

    private static Stream<String> choices(String selector) {
        var choice = CHOICE.matcher(selector);
        return choice.find()
                ? Stream.of(choice.group(1).split("\\|", -1))
                        .flatMap(value -> choices(choice.replaceFirst("=\"" + value + "\"")))
                : Stream.of(selector);
    }

    /** The labels that it groups, joins or selects by. */
    Set<String> labels() {
        Set<String> labels = new TreeSet<>();
        GROUPING.matcher(text)
                .results()
                .forEach(match -> Stream.of(match.group(1).split(",", -1))
                        .map(String::strip)
                        .forEach(labels::add));
        MATCHER.matcher(text).results().forEach(match -> labels.add(match.group(1)));
        return labels;
    }
}
