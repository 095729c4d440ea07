package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvalidConfigurationTest {

    private static final ConfigurationProblem EMPTY = ConfigurationProblem.at("conf/resound.yaml", "is empty");

    @Test
    void its_message_counts_the_problems_and_gives_each_a_line() {
        var port = ConfigurationProblem.broken(
                "http.port", "must be between 0 and 65535", "\"-1\"", "conf/resound.yaml line 2");

        assertThat(new InvalidConfiguration(List.of(EMPTY, port))).hasMessage("""
                        2 problems in the configuration:
                          conf/resound.yaml is empty
                          http.port must be between 0 and 65535, found "-1" (conf/resound.yaml line 2)""");
        assertThat(new InvalidConfiguration(List.of(EMPTY))).hasMessageStartingWith("1 problem in the configuration:");
    }

    @Test
    void its_message_names_the_first_hundred_problems_and_counts_the_others() {
        assertThat(new InvalidConfiguration(Collections.nCopies(100, EMPTY)).getMessage())
                .startsWith("100 problems")
                .doesNotContain("more")
                .hasLineCount(101);
        var many = new InvalidConfiguration(Collections.nCopies(101, EMPTY));
        assertThat(many.getMessage())
                .startsWith("101 problems")
                .endsWith("\n  and 1 more")
                .hasLineCount(102);
        assertThat(many.problems()).hasSize(100);
    }
}
