package dev.resound.config;

import java.util.List;

/** A value as its source gives it. Scalars stay text, so that what is reported is what the person wrote. */
sealed interface Given {

    /** Characters of a value that a report shows. */
    int MOST_SHOWN = 100;

    /** A scalar, verbatim. */
    record Text(String text) implements Given {
        @Override
        public String shown() {
            return quoted(text);
        }
    }

    /** A list of scalars, verbatim. */
    record Items(List<String> items) implements Given {
        @Override
        public String shown() {
            return items.stream().map(Given::quoted).toList().toString();
        }
    }

    /** A key with no value behind it. */
    record Nothing() implements Given {
        @Override
        public String shown() {
            return "no value";
        }
    }

    /** A shape that no setting has, such as a list of lists. */
    record Other(String shown) implements Given {}

    /** How a report shows it. */
    String shown();

    /** In quotes and on one line, whatever it holds. */
    static String quoted(String text) {
        var shown = new StringBuilder("\"");
        text.codePoints()
                .limit(MOST_SHOWN)
                .forEach(c -> shown.append(Character.isISOControl(c) ? "\\u%04x".formatted(c) : Character.toString(c)));
        return shown.append(text.codePointCount(0, text.length()) > MOST_SHOWN ? "...\"" : "\"")
                .toString();
    }
}
