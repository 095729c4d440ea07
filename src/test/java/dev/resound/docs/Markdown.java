package dev.resound.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown file of the repository.
 *
 * @param file relative to the repository
 * @param lines all its lines
 */
record Markdown(Path file, List<String> lines) {

    private static final Path README = Path.of("README.md");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");
    private static final Pattern CELL_BORDER = Pattern.compile("(?<!\\\\)\\|");

    /** A link as it is written: {@code src/docs/feed.md#messages}. */
    record Link(String target) {

        boolean isExternal() {
            return target.contains("://");
        }

        String path() {
            return target.split("#", 2)[0];
        }

        String anchor() {
            return target.contains("#") ? target.split("#", 2)[1] : "";
        }
    }

    static Markdown read(Path file) {
        try {
            return new Markdown(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Markdown read(String file) {
        return read(Path.of(file));
    }

    static Markdown readme() {
        return read(README);
    }

    /** All Markdown files that people read. */
    static List<Markdown> all() {
        return Stream.concat(Stream.of(README), Stream.of("src", "k8s", "conf").flatMap(Markdown::below))
                .map(Markdown::read)
                .toList();
    }

    private static Stream<Path> below(String folder) {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return String.join("\n", lines);
    }

    /** The lines outside of code blocks. */
    List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : lines) {
            boolean fence = line.strip().startsWith("```");
            if (!code && !fence) {
                prose.add(line);
            }
            code ^= fence;
        }
        return prose;
    }

    /** The text in backquotes, outside of code blocks. */
    List<String> codeSpans() {
        return prose().stream()
                .flatMap(line -> CODE_SPAN.matcher(line).results())
                .map(match -> match.group().substring(1, match.group().length() - 1))
                .toList();
    }

    /** The content of the code blocks in a language, without fences. */
    List<String> codeBlocks(String language) {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(text() + "\n")
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    List<Link> links() {
        return prose().stream()
                .map(line -> CODE_SPAN.matcher(line).replaceAll("code"))
                .flatMap(line -> LINK.matcher(line).results())
                .map(match -> new Link(match.group(1)))
                .toList();
    }

    /** The file that a link leads to, relative to the repository. */
    Path resolve(Link link) {
        return link.path().isEmpty() ? file : file.resolveSibling(link.path()).normalize();
    }

    /** The anchors of the headings, as GitHub derives them. */
    List<String> anchors() {
        Map<String, Integer> seen = new HashMap<>();
        return headings().stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                        .replace(' ', '-'))
                .map(anchor -> {
                    int before = seen.merge(anchor, 1, Integer::sum) - 1;
                    return before == 0 ? anchor : anchor + "-" + before;
                })
                .toList();
    }

    private List<String> headings() {
        return prose().stream()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1).strip())
                .toList();
    }

    /** The rows of all tables whose head has these columns. */
    List<List<String>> rows(String... columns) {
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : prose()) {
            List<String> cells = line.startsWith("|") ? cells(line) : List.of();
            if (cells.equals(List.of(columns))) {
                inside = true;
            } else if (cells.isEmpty()) {
                inside = false;
            } else if (inside && !line.startsWith("|---") && !line.startsWith("| ---")) {
                assertThat(cells).as("%s: %s", file, line).hasSameSizeAs(columns);
                rows.add(cells);
            }
        }
        assertThat(rows)
                .as("%s has a table with the columns %s", file, List.of(columns))
                .isNotEmpty();
        return rows;
    }

    private static List<String> cells(String line) {
        String inner = line.strip().substring(1, line.strip().length() - 1);
        return CELL_BORDER.splitAsStream(inner).map(String::strip).toList();
    }

    /** A cell without its backquotes. */
    static String plain(String cell) {
        return cell.replace("`", "");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
