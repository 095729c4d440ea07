package dev.resound.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the sources contain: settings in order, a later one wins, and problems with the sources themselves. */
final class ParsedSources {

    /**
     * A setting as its source has it, not checked yet.
     *
     * @param path for example {@code websocket.keep-alive-interval}; may be an unknown key
     * @param origin its place, for reports: {@code conf/resound.yaml line 7}
     */
    record RawSetting(String path, RawValue value, String origin) {}

    /** A value as its source has it. Scalars stay text, so that a report shows what was written. */
    sealed interface RawValue {

        /** A scalar, verbatim. */
        record Text(String text) implements RawValue {
            @Override
            public String shown() {
                return ConfigurationProblem.quoted(text);
            }
        }

        /** A list of scalars, verbatim. */
        record Items(List<String> items) implements RawValue {

            private static final int MAX_SHOWN = 10;

            @Override
            public String shown() {
                String more = items.size() > MAX_SHOWN ? ", ...]" : "]";
                return items.stream()
                        .limit(MAX_SHOWN)
                        .map(ConfigurationProblem::quoted)
                        .collect(Collectors.joining(", ", "[", more));
            }
        }

        /** A key without a value. */
        record Nothing() implements RawValue {
            @Override
            public String shown() {
                return "no value";
            }
        }

        /** A value of a shape that no setting has, such as a list of lists. */
        record Other(String shown) implements RawValue {}

        /**
         * A value that breaks a rule of its source, whatever the key.
         *
         * @param rule as a predicate: {@code must not be empty}
         */
        record Malformed(String text, String rule) implements RawValue {
            @Override
            public String shown() {
                return ConfigurationProblem.quoted(text);
            }
        }

        /** The value as a report shows it. */
        String shown();
    }

    private final List<RawSetting> settings = new ArrayList<>();
    private final List<ConfigurationProblem> problems = new ArrayList<>();

    void add(RawSetting setting) {
        settings.add(setting);
    }

    void add(ConfigurationProblem problem) {
        problems.add(problem);
    }

    List<RawSetting> settings() {
        return settings;
    }

    List<ConfigurationProblem> problems() {
        return problems;
    }
}
