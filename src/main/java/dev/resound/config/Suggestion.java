package dev.resound.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Suggests the key that an unknown one probably meant. */
final class Suggestion {

    /** Longer names resemble no key, and comparing them takes time and memory proportional to their length. */
    private static final int LONGEST = 100;

    private Suggestion() {}

    /** The path of the key that an environment variable was meant to set; {@code name} has no prefix. */
    static Optional<String> forVariable(String name) {
        return name.length() > LONGEST ? Optional.empty() : near(name, keys()).or(() -> inAnotherSection(bare(name)));
    }

    /** The path of the nearest key or section, or of the only key with that name in another section. */
    static Optional<String> forPath(String path) {
        if (path.length() > LONGEST) {
            return Optional.empty();
        }
        Stream<String> sections = Key.sections().stream().filter(section -> depth(section) == depth(path));
        return near(path, Stream.concat(keys(), sections)).or(() -> inAnotherSection(bare(name(path))));
    }

    private static Optional<String> near(String path, Stream<String> candidates) {
        String bare = bare(path);
        return candidates
                .filter(known -> distance(bare, bare(known)) <= Math.max(1, bare.length() / 5))
                .min(Comparator.comparingInt(known -> distance(bare, bare(known))));
    }

    private static Stream<String> keys() {
        return Key.all().stream().map(Key::path);
    }

    private static long depth(String path) {
        return path.chars().filter(c -> c == '.').count();
    }

    private static Optional<String> inAnotherSection(String name) {
        List<String> named = keys().filter(known -> distance(name, bare(name(known))) <= name.length() / 5)
                .toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    /** The path without the sections. */
    private static String name(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** The name in lower case, without the marks between its words. */
    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }

    /** The number of letters to insert, remove, replace or swap with the next: the Damerau-Levenshtein distance. */
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
