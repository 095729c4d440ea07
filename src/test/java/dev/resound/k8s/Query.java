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

    private static final Pattern LABELS = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");
    private static final Pattern CLAUSE =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
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

    /** The labels that it groups or joins by. */
    Set<String> labels() {
        Set<String> labels = new TreeSet<>();
        LABELS.matcher(text)
                .results()
                .forEach(match -> Stream.of(match.group(1).split(",", -1))
                        .map(String::strip)
                        .forEach(labels::add));
        return labels;
    }
}
