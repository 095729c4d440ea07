package dev.resound.config;

import dev.resound.setting.Spelling;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Suggests the key that an unknown one probably meant. */
final class Suggestion {

    /** Longer names resemble no key, and comparing them takes time and memory proportional to their length. */
    private static final int LONGEST = 100;

    private Suggestion() {}

    /** The path of the key that an environment variable was meant to set; {@code name} has no prefix. */
    static Optional<String> forVariable(String name) {
        return name.length() > LONGEST
                ? Optional.empty()
                : near(name, keys()).or(() -> inAnotherSection(Spelling.bare(name)));
    }

    /** The path of the nearest key or section, or of the only key with that name in another section. */
    static Optional<String> forPath(String path) {
        if (path.length() > LONGEST) {
            return Optional.empty();
        }
        Stream<String> sections = Key.sections().stream().filter(section -> depth(section) == depth(path));
        return near(path, Stream.concat(keys(), sections)).or(() -> inAnotherSection(Spelling.bare(name(path))));
    }

    private static Optional<String> near(String path, Stream<String> candidates) {
        String bare = Spelling.bare(path);
        return candidates
                .filter(known -> Spelling.distance(bare, Spelling.bare(known)) <= Math.max(1, bare.length() / 5))
                .min(Comparator.comparingInt(known -> Spelling.distance(bare, Spelling.bare(known))));
    }

    private static Stream<String> keys() {
        return Key.all().stream().map(Key::path);
    }

    private static long depth(String path) {
        return path.chars().filter(c -> c == '.').count();
    }

    private static Optional<String> inAnotherSection(String name) {
        List<String> named = keys().filter(
                        known -> Spelling.distance(name, Spelling.bare(name(known))) <= name.length() / 5)
                .toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    /** The path without the sections. */
    private static String name(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
