package dev.resound.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Guesses the key that was meant by one that does not exist. */
final class Suggestion {

    private Suggestion() {}

    /** The key that is near, or the only one with that name in another section. */
    static Optional<Key> forPath(String path) {
        String bare = bare(path);
        Optional<Key> near = Keys.all().stream()
                .filter(key -> distance(bare, bare(key.path())) <= Math.max(1, bare.length() / 5))
                .min(Comparator.comparingInt(key -> distance(bare, bare(key.path()))));
        return near.or(() -> inAnotherSection(bare(path.substring(path.lastIndexOf('.') + 1))));
    }

    private static Optional<Key> inAnotherSection(String name) {
        List<Key> named = Keys.all().stream()
                .filter(key -> {
                    String last = bare(key.name());
                    return distance(name, last) <= last.length() / 5;
                })
                .toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    /** Without what differs between the ways to write a name: case, and the marks between its words. */
    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }

    /** Levenshtein's: how many letters to insert, remove or replace. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
