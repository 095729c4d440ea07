package dev.resound.setting;

import java.util.Locale;

/** Compares names that people write. */
public final class Spelling {

    private Spelling() {}

    /** The name in lower case, without the marks between its words. */
    public static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }

    /** The number of letters to insert, remove, replace or swap with the next: the Damerau-Levenshtein distance. */
    public static int distance(String a, String b) {
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
