package dev.resound.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in Markdown whose columns stand below each other as plain text, too. */
final class Table {

    /** Columns of words, at the left; the others are figures. */
    private final int words;

    private final List<List<String>> lines = new ArrayList<>();

    Table(int words, List<String> head) {
        this.words = words;
        lines.add(head);
    }

    void add(List<String> line) {
        lines.add(line);
    }

    @Override
    public String toString() {
        int[] widths = IntStream.range(0, lines.getFirst().size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> rule = IntStream.range(0, widths.length)
                .mapToObj(column -> column < words ? "-".repeat(widths[column]) : "-".repeat(widths[column] - 1) + ":")
                .toList();
        var text = new StringBuilder(show(lines.getFirst(), widths)).append(show(rule, widths));
        lines.stream().skip(1).forEach(line -> text.append(show(line, widths)));
        return text.toString();
    }

    private String show(List<String> line, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column ->
                        ("%" + (column < words ? "-" : "") + widths[column] + "s").formatted(line.get(column)))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
