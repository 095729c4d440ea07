package dev.resound.config;

import java.util.ArrayList;
import java.util.List;

/** What the sources gave, in their order, so that a later entry wins; and what is wrong with the sources themselves. */
final class Findings {

    private final List<Entry> entries = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    void add(Entry entry) {
        entries.add(entry);
    }

    void add(Problem problem) {
        problems.add(problem);
    }

    List<Entry> entries() {
        return entries;
    }

    List<Problem> problems() {
        return problems;
    }
}
