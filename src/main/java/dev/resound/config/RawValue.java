package dev.resound.config;

import java.util.List;
import java.util.stream.Collectors;

/** A value as its source has it. Scalars stay text, so that a report shows what the person wrote. */
sealed interface RawValue {

    /** A scalar, verbatim. */
    record Text(String text) implements RawValue {
        @Override
        public String shown() {
            return Shown.quoted(text);
        }
    }

    /** A list of scalars, verbatim. */
    record Items(List<String> items) implements RawValue {

        private static final int MOST_SHOWN = 10;

        @Override
        public String shown() {
            String more = items.size() > MOST_SHOWN ? ", ...]" : "]";
            return items.stream().limit(MOST_SHOWN).map(Shown::quoted).collect(Collectors.joining(", ", "[", more));
        }
    }

    /** A key without a value. */
    record Nothing() implements RawValue {
        @Override
        public String shown() {
            return "no value";
        }
    }

    /** A shape that no setting has, such as a list of lists. */
    record Other(String shown) implements RawValue {}

    /**
     * A value that breaks a rule of its source, whatever the key.
     *
     * @param rule as a predicate: {@code must not be empty}
     */
    record Malformed(String text, String rule) implements RawValue {
        @Override
        public String shown() {
            return Shown.quoted(text);
        }
    }

    /** How a report shows it. */
    String shown();
}
