package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {

    private static CommandLine parse(String... arguments) {
        return CommandLine.parse(List.of(arguments));
    }

    @Test
    void without_arguments_the_service_runs_with_the_usual_file() {
        assertThat(parse()).isEqualTo(new CommandLine.Run(null));
    }

    @Test
    void conf_names_the_file_in_either_way_of_writing() {
        var named = new CommandLine.Run(Path.of("my.yaml"));
        assertThat(parse("--conf", "my.yaml")).isEqualTo(named);
        assertThat(parse("--conf=my.yaml")).isEqualTo(named);
    }

    @Test
    void conf_without_a_file_is_refused() {
        var refused = new CommandLine.Invalid("--conf needs the name of a file");
        assertThat(parse("--conf")).isEqualTo(refused);
        assertThat(parse("--conf=")).isEqualTo(refused);
        assertThat(parse("--conf", "")).isEqualTo(refused);
    }

    @Test
    void conf_given_twice_is_refused() {
        assertThat(parse("--conf", "a", "--conf=b"))
                .isEqualTo(new CommandLine.Invalid("--conf may be given only once"));
    }

    @Test
    void help_and_version_are_found_behind_other_arguments() {
        assertThat(parse("--conf", "a", "--help")).isEqualTo(new CommandLine.Help());
        assertThat(parse("-h")).isEqualTo(new CommandLine.Help());
        assertThat(parse("--version")).isEqualTo(new CommandLine.Version());
    }

    @Test
    void what_is_unknown_is_named() {
        assertThat(parse("--config", "a")).isEqualTo(new CommandLine.Invalid("unknown argument --config"));
        assertThat(parse("a.yaml")).isEqualTo(new CommandLine.Invalid("unknown argument a.yaml"));
    }
}
