package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.config.ParsedSources.RawSetting;
import dev.resound.config.ParsedSources.RawValue;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code conf/resound.yaml} shows every key with its default. */
class ShippedFileTest {

    private final ParsedSources parsed = new ParsedSources();
    private String text = "";

    @BeforeEach
    void read() throws IOException {
        // A key whose default is the value of another key is commented out: written like this, without a space.
        text = Files.readString(ConfigFileStore.DEFAULT_PATH).replaceAll("(?m)^( *)#(?=\\w)", "$1");
        YamlText.read("conf/resound.yaml", text, parsed);
    }

    @Test
    void it_holds_every_key_and_no_other_in_the_order_of_the_code() {
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.settings())
                .extracting(RawSetting::path)
                .containsExactlyElementsOf(Key.all().stream().map(Key::path).toList());
    }

    @Test
    void only_keys_that_inherit_their_value_are_commented_out() throws IOException {
        var asItIs = new ParsedSources();
        YamlText.read("conf/resound.yaml", Files.readString(ConfigFileStore.DEFAULT_PATH), asItIs);

        assertThat(parsed.settings())
                .extracting(RawSetting::path)
                .filteredOn(
                        path -> asItIs.settings().stream().map(RawSetting::path).noneMatch(path::equals))
                .containsExactly("telemetry.feed.allowed-origins", "fleet.feed.allowed-origins");
    }

    @Test
    void each_value_is_the_default_of_the_code_in_its_shortest_form() {
        assertThat(parsed.settings()).allSatisfy(setting -> {
            Key key = Key.find(setting.path()).orElseThrow();
            assertThat(Notation.parse(key.type(), setting.value())).contains(key.fallback());
            if (setting.value() instanceof RawValue.Text(String written)) {
                assertThat(written).isEqualTo(Notation.format(key.fallback()));
            }
        });
    }

    @Test
    void each_key_has_one_comment_which_says_whether_a_change_is_taken_up_live() {
        List<String> lines = text.lines().toList();
        assertThat(parsed.settings()).allSatisfy(setting -> {
            Key key = Key.find(setting.path()).orElseThrow();
            int line = IntStream.range(0, lines.size())
                    .filter(i -> setting.origin().endsWith(" line " + (i + 1)))
                    .findFirst()
                    .orElseThrow();
            assertThat(lines.get(line - 1).strip()).startsWith("# ");
            assertThat(lines.get(line - 2).strip()).doesNotStartWith("#");
            assertThat(lines.get(line - 1).endsWith(" (live)")).isEqualTo(key.live());
        });
    }
}
