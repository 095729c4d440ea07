package dev.resound.config;

import dev.resound.config.ParsedSources.RawValue;
import dev.resound.setting.ByteSize;
import dev.resound.setting.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Parses and formats the values of each type. */
final class Notation {

    // 010 is 8 in YAML 1.1 and 10 for people, so it is rejected.
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9]\\d{0,10})");

    private Notation() {}

    /** Parses a value; empty if it breaks {@link #rule}. */
    static Optional<Object> parse(Class<?> type, RawValue value) {
        if (type == List.class) {
            return value instanceof RawValue.Items(List<String> items) ? Optional.of(items) : Optional.empty();
        }
        return value instanceof RawValue.Text(String text) ? scalar(type, text) : Optional.empty();
    }

    private static Optional<Object> scalar(Class<?> type, String text) {
        if (type == String.class) {
            return Optional.of(text);
        } else if (type == int.class) {
            return WHOLE.matcher(text).matches() ? accepted(Integer::valueOf, text) : Optional.empty();
        } else if (type == boolean.class) {
            return Optional.of(text.toLowerCase(Locale.ROOT))
                    .filter(lower -> lower.equals("true") || lower.equals("false"))
                    .map(Boolean::valueOf);
        } else if (type == Duration.class) {
            return accepted(Durations::parse, text);
        } else if (type == ByteSize.class) {
            return accepted(ByteSize::parse, text);
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> format(constant).equals(text))
                    .findFirst()
                    .map(constant -> constant);
        }
        throw new IllegalStateException("no notation for " + type);
    }

    private static Optional<Object> accepted(Function<String, Object> parser, String text) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The rule for values of a type, as a predicate. */
    static String rule(Class<?> type) {
        if (type == int.class) {
            return "must be a whole number up to " + Integer.MAX_VALUE;
        } else if (type == boolean.class) {
            return "must be true or false";
        } else if (type == Duration.class) {
            return "must be a duration with its unit, as in 250ms, 25s, 2m, 1h or PT1M30S";
        } else if (type == ByteSize.class) {
            return "must be a size, as in 512, 4KiB or 1MiB";
        } else if (type == List.class) {
            return "must be a list, as in [a, b], or [] for none";
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(Notation::format)
                    .collect(Collectors.joining(", ", "must be one of ", ""));
        }
        return "must be text";
    }

    /** Formats a value as a person would write it. */
    static String format(Object value) {
        return switch (value) {
            case Duration duration -> Durations.format(duration);
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            default -> value.toString();
        };
    }
}
