package dev.resound.config;

import java.util.Optional;

/**
 * One thing that is wrong with the configuration, ready to be read by a person.
 *
 * @param subject the key, or the place in the file where there is no key to name
 * @param rule what must hold, as a predicate: {@code must be between 0 and 65535}
 * @param found the value that was found, quoted, and where it came from
 * @param meant the key that was probably meant
 */
public record Problem(String subject, String rule, Optional<String> found, Optional<String> meant) {

    static Problem broken(String key, String rule, String found, String origin) {
        return new Problem(key, rule, Optional.of("%s (%s)".formatted(found, origin)), Optional.empty());
    }

    static Problem unknown(RawSetting setting, Optional<String> meant) {
        String found = "%s (%s)".formatted(setting.value().shown(), setting.origin());
        return new Problem(Shown.key(setting.path()), "is not a known key", Optional.of(found), meant);
    }

    /** About a file as such, or a place in it. */
    static Problem at(String place, String what) {
        return new Problem(place, what, Optional.empty(), Optional.empty());
    }

    /** The whole of it in one line. */
    @Override
    public String toString() {
        return subject
                + " "
                + rule
                + found.map(", found %s"::formatted).orElse("")
                + meant.map("; did you mean %s?"::formatted).orElse("");
    }
}
