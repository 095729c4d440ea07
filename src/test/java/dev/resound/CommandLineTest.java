package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void check_names_a_service_and_may_have_an_origin_and_trusted_certificates() {
        URI target = URI.create("wss://example.com/ws");
        assertThat(parse("--check", "wss://example.com/ws"))
                .isEqualTo(new CommandLine.Check(new EchoCheck(target, null, null)));
        assertThat(parse("--trust=ca.pem", "--origin", "https://example.com", "--check=wss://example.com/ws"))
                .isEqualTo(new CommandLine.Check(new EchoCheck(target, "https://example.com", Path.of("ca.pem"))));
    }

    @Test
    void what_belongs_to_the_check_is_refused_without_it_and_the_other_way_round() {
        assertThat(parse("--origin", "https://example.com"))
                .isEqualTo(new CommandLine.Invalid("--origin and --trust need --check"));
        assertThat(parse("--trust", "ca.pem")).isEqualTo(new CommandLine.Invalid("--origin and --trust need --check"));
        assertThat(parse("--check", "ws://localhost/ws", "--conf", "a"))
                .isEqualTo(new CommandLine.Invalid("--check reads no configuration; remove --conf"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost/ws, must start with ws:// or wss://",
        "localhost:8080, must start with ws:// or wss://",
        "ws:///ws, must name a host",
        "ws://user@localhost/ws, must have no user and no fragment",
        "ws://localhost/ws#top, must have no user and no fragment"
    })
    void only_the_url_of_a_websocket_can_be_checked(String url, String reason) {
        assertThat(parse("--check", url)).isEqualTo(new CommandLine.Invalid("--check: the URL " + reason + ": " + url));
    }

    @Test
    void the_usage_names_every_option() {
        assertThat(CommandLine.OPTIONS.keySet())
                .allSatisfy(option -> assertThat(CommandLine.USAGE).contains("  " + option + " "));
    }
}
