package dev.resound.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documentation as a whole: every link works, every file can be found, and the first one is short. */
class LinksTest {

    private static final int LONGEST_README = 200;

    private static final Pattern TEST_CLASS = Pattern.compile("[A-Z]\\w+(Test|IT)");

    static List<Markdown> files() {
        return Markdown.all();
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_link_leads_to_a_file_and_to_a_heading_in_it(Markdown markdown) {
        markdown.links().stream().filter(link -> !link.isExternal()).forEach(link -> {
            Path target = markdown.resolve(link);
            assertThat(target)
                    .as("%s links to %s", markdown.file(), link.target())
                    .exists();
            if (!link.anchor().isEmpty()) {
                assertThat(Markdown.read(target).anchors())
                        .as("%s links to %s", markdown.file(), link.target())
                        .contains(link.anchor());
            }
        });
    }

    @Test
    void every_file_can_be_reached_from_the_readme() {
        Set<Path> reached = new LinkedHashSet<>();
        Deque<Path> next = new ArrayDeque<>(List.of(Markdown.readme().file()));
        while (!next.isEmpty()) {
            Path file = next.pop();
            if (reached.add(file) && file.toString().endsWith(".md")) {
                Markdown markdown = Markdown.read(file);
                markdown.links().stream()
                        .filter(link -> !link.isExternal())
                        .map(markdown::resolve)
                        .forEach(next::push);
            }
        }
        assertThat(reached).containsAll(files().stream().map(Markdown::file).toList());
    }

    @Test
    void the_readme_has_at_most_200_lines() {
        assertThat(Markdown.readme().lines()).hasSizeLessThanOrEqualTo(LONGEST_README);
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_test_that_is_named_exists(Markdown markdown) throws IOException {
        Set<String> classes;
        try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
            classes = sources.map(source -> String.valueOf(source.getFileName()))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        assertThat(markdown.codeSpans().stream()
                        .filter(TEST_CLASS.asMatchPredicate())
                        .toList())
                .as("tests named in %s", markdown.file())
                .isSubsetOf(classes);
    }
}
