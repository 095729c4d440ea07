package dev.resound.setting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the rules that a settings record breaks, so that all of them are reported at once. */
public final class Rules {

    private final List<Violation> violations = new ArrayList<>();

    /** States a rule; {@code rule} is a predicate such as {@code must start with /}. */
    public Rules require(boolean holds, String component, Object found, String rule) {
        if (!holds) {
            violations.add(new Violation(component, rule, String.valueOf(found)));
        }
        return this;
    }

    /** The value lies in {@code [least, most]}. */
    public Rules between(String component, long found, long least, long most) {
        return require(
                found >= least && found <= most, component, found, "must be between %d and %d".formatted(least, most));
    }

    /** The value lies in {@code [least, most]}. */
    public Rules between(String component, ByteSize found, ByteSize least, ByteSize most) {
        return require(
                found.bytes() >= least.bytes() && found.bytes() <= most.bytes(),
                component,
                found,
                "must be between %s and %s".formatted(least, most));
    }

    /** The value lies in {@code [least, most]}. */
    public Rules between(String component, Duration found, Duration least, Duration most) {
        return require(
                found.compareTo(least) >= 0 && found.compareTo(most) <= 0,
                component,
                Durations.format(found),
                "must be between %s and %s".formatted(Durations.format(least), Durations.format(most)));
    }

    /** Ends the statement: throws {@link InvalidSettings} where any rule is broken. */
    public void check() {
        if (!violations.isEmpty()) {
            throw new InvalidSettings(violations);
        }
    }
}
