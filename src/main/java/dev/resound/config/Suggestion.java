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

    /** How many letters to insert, remove, replace or swap with the next: Damerau and Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, distance);
            }
        }
        return distance[a.length()][b.length()];
    }

    private static int step(String a, String b, int i, int j, int[][] distance) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        int least =
                Math.min(distance[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        return swapped ? Math.min(least, 1 + distance[i - 2][j - 2]) : least;
    }
}
