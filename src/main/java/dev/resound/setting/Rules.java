package dev.resound.setting;

import dev.resound.setting.InvalidSettings.Violation;
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
        return between(component, found, found >= least && found <= most, least, most);
    }

    /** The value lies in {@code [least, most]}. */
    public Rules between(String component, ByteSize found, ByteSize least, ByteSize most) {
        return between(component, found, found.bytes() >= least.bytes() && found.bytes() <= most.bytes(), least, most);
    }

    /** The value lies in {@code [least, most]}. */
    public Rules between(String component, Duration found, Duration least, Duration most) {
        return between(
                component,
                Durations.format(found),
                found.compareTo(least) >= 0 && found.compareTo(most) <= 0,
                Durations.format(least),
                Durations.format(most));
    }

    /** Joined rather than formatted: a start states many rules, and what formats numbers takes a while to load. */
    private Rules between(String component, Object found, boolean holds, Object least, Object most) {
        return require(holds, component, found, "must be between " + least + " and " + most);
    }

    /** Ends the statement: throws {@link InvalidSettings} where any rule is broken. */
    public void check() {
        if (!violations.isEmpty()) {
            throw new InvalidSettings(violations);
        }
    }
}
