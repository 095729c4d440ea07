package dev.resound.setting;

import java.util.List;

/** Thrown by the compact constructor of a settings record, with all rules that it breaks. */
public final class InvalidSettings extends IllegalArgumentException {

    /**
     * A broken rule.
     *
     * @param component the record component that breaks it, in camel case
     * @param rule the rule as a predicate, for example {@code must be between 0 and 65535}
     * @param found the value found, as written if that is known
     */
    public record Violation(String component, String rule, String found) {}

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
