package dev.resound.setting;

/**
 * One broken rule.
 *
 * @param component the record component that breaks it, in camel case as in the source
 * @param rule what must hold, as a predicate, for example {@code must be between 0 and 65535}
 * @param found the value that was found, as the person wrote it where that is known
 */
public record Violation(String component, String rule, String found) {}
