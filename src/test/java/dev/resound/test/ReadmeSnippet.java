package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A piece of configuration as the documentation tells people to use it, changed where a test needs other places. */
public record ReadmeSnippet(String text) {

    /** The one block of this Markdown file in this language. */
    public static ReadmeSnippet in(String file, String language) {
        try {
            var block = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                    .matcher(Files.readString(Path.of(file)));
            assertThat(block.find()).as("%s has a block in %s", file, language).isTrue();
            return new ReadmeSnippet(block.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With something in the place of what it must hold. */
    public ReadmeSnippet with(String replacement, String what) {
        assertThat(text).contains(what);
        return new ReadmeSnippet(text.replace(what, replacement));
    }

    /** Without the lines that hold this; there must be one. */
    public ReadmeSnippet without(String what) {
        assertThat(text).contains(what);
        return new ReadmeSnippet(text.lines()
                .filter(line -> !line.contains(what))
                .map(line -> line + "\n")
                .reduce("", String::concat));
    }
}
