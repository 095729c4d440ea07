package dev.resound.setting;

import java.util.List;

/** Thrown by the compact constructor of a settings record: every rule that it breaks, never only the first. */
public final class InvalidSettings extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final transient List<Violation> violations;

    InvalidSettings(List<Violation> violations) {
        super(violations.toString());
        this.violations = List.copyOf(violations);
    }

    /** The broken rules, in the order in which the record states them; at least one. */
    public List<Violation> violations() {
        return violations;
    }
}
