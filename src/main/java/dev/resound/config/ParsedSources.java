package dev.resound.config;

import java.util.ArrayList;
import java.util.List;

/** What the sources gave, in their order, so that a later setting wins; and what is wrong with the sources themselves. */
final class ParsedSources {

    private final List<RawSetting> settings = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    void add(RawSetting setting) {
        settings.add(setting);
    }

    void add(Problem problem) {
        problems.add(problem);
    }

    List<RawSetting> settings() {
        return settings;
    }

    List<Problem> problems() {
        return problems;
    }
}
