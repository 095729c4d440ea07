package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.resound.setting.ByteSize;
import dev.resound.setting.Rules;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sources say becomes one configuration, or one report of everything that is wrong. */
class ConfigurationReaderTest {

    private static final String FILE = "conf/resound.yaml";

    @Test
    void with_no_source_at_all_everything_has_its_default() {
        assertThat(read("# nothing but a comment")).isEqualTo(Configuration.DEFAULT);
        assertThat(ConfigurationReader.read(Map.of())).isEqualTo(Configuration.DEFAULT);
    }

    @Test
    void each_type_is_read_from_a_file() {
        Configuration configuration = read("""
                http: { host: localhost, port: 80 }
                websocket:
                  keep-alive-interval: 25s
                  max-frame-size: 4KiB
                  require-origin: true
                  allowed-origins: [https://client.com, null, "same-origin"]
                logging: { format: json }
                transport: io_uring
                """);

        assertThat(configuration.http().host()).isEqualTo("localhost");
        assertThat(configuration.http().port()).isEqualTo(80);
        assertThat(configuration.websocket().keepAliveInterval()).isEqualTo(Duration.ofSeconds(25));
        assertThat(configuration.websocket().maxFrameSize()).isEqualTo(ByteSize.ofKiB(4));
        assertThat(configuration.websocket().requireOrigin()).isTrue();
        assertThat(configuration.websocket().allowedOrigins())
                .containsExactly("https://client.com", "null", "same-origin");
        assertThat(configuration.logging().format()).hasToString("JSON");
        assertThat(configuration.transport()).hasToString("IO_URING");
    }

    @Test
    void a_key_may_be_written_as_a_path() {
        assertThat(read("websocket.path: /echo").websocket().path()).isEqualTo("/echo");
    }

    @Test
    void the_environment_wins_over_the_file_and_a_system_property_over_both() {
        String file = "websocket: { path: /file, max-connections: 1, max-connections-per-address: 1 }";
        var environment = Map.of("RESOUND_WEBSOCKET_PATH", "/variable", "RESOUND_WEBSOCKET_MAX_CONNECTIONS", "2");
        var properties = Map.of("resound.websocket.path", "/property");

        var websocket = read(file, environment, properties).websocket();

        assertThat(websocket.path()).isEqualTo("/property");
        assertThat(websocket.maxConnections()).isEqualTo(2);
        assertThat(websocket.maxConnectionsPerAddress()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                         | ''
            ' [] '                     | ''
            https://a.com              | https://a.com
            'https://a.com, null'      | https://a.com null
            """)
    void lists_outside_of_a_file_have_commas_and_an_empty_one_is_brackets(String value, String expected) {
        var configuration = read("", Map.of("RESOUND_WEBSOCKET_ALLOWED_ORIGINS", value), Map.of());

        assertThat(configuration.websocket().allowedOrigins())
                .isEqualTo(expected.isEmpty() ? List.of() : Arrays.asList(expected.split(" ")));
    }

    @Test
    void only_brackets_outside_of_a_file_empty_the_list_in_it() {
        var configuration = read(
                "websocket: { allowed-origins: [https://a.com] }",
                Map.of("RESOUND_WEBSOCKET_ALLOWED_ORIGINS", "[]"),
                Map.of());

        assertThat(configuration.websocket().allowedOrigins()).isEmpty();
    }

    static Stream<Arguments> emptyValues() {
        return Key.all().stream()
                .flatMap(key -> Stream.of("", " ", "\t\n").map(empty -> Arguments.of(key.path(), empty)));
    }

    @ParameterizedTest
    @MethodSource("emptyValues")
    void no_setting_outside_of_a_file_may_be_empty(String path, String empty) {
        String variable = Overrides.variable(path);
        assertThat(problems("", Map.of(variable, empty), Map.of()))
                .singleElement()
                .asString()
                .startsWith(path + " must not be empty; remove it to use the file's value or the default")
                .endsWith("(environment variable " + variable + ")");
        assertThat(problems("", Map.of(), Map.of("resound." + path, empty)))
                .singleElement()
                .asString()
                .startsWith(path + " must not be empty")
                .endsWith("(system property resound." + path + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", " , ", ",https://a.com", "https://a.com,", "https://a.com, ,https://b.com"})
    void a_list_outside_of_a_file_may_have_no_empty_entry(String list) {
        for (String key : List.of("websocket.allowed-origins", "telemetry.feed.allowed-origins")) {
            assertThat(problems("", Map.of(Overrides.variable(key), list), Map.of()))
                    .containsExactly(
                            "%s must not have an empty entry; remove the extra comma, found \"%s\" (environment variable %s)"
                                    .formatted(key, list, Overrides.variable(key)));
        }
        assertThat(problems("", Map.of("RESOUND_WEBSOCKET_TRUSTED_PROXIES", list), Map.of()))
                .singleElement()
                .asString()
                .startsWith("websocket.trusted-proxies must not have an empty entry");
    }

    @ParameterizedTest
    @ValueSource(strings = {"['']", "['', https://a.com]", "[ ~ ]", "['  ']"})
    void a_list_in_a_file_may_have_no_empty_entry_either(String list) {
        assertThat(problems("websocket: { allowed-origins: %s }".formatted(list)))
                .singleElement()
                .asString()
                .startsWith("websocket.allowed-origins must be scheme://host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "resound_x", "RESOUNDX", "RESOUND", "Resound_Http_Port"})
    void other_variables_are_left_alone(String name) {
        assertThat(read("", Map.of(name, "x"), Map.of())).isEqualTo(Configuration.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESOUND_HTTP_PORT", "RESOUND_MANAGEMENT_PORT"})
    void a_service_link_sets_no_port(String variable) {
        String file = "{ http: { port: 1 }, management: { port: 2 } }";

        assertThat(read(file, Map.of(variable, "tcp://10.0.0.1:80"), Map.of())).isEqualTo(read(file));
    }

    @Test
    void the_feed_has_the_origins_of_the_echo_unless_it_has_its_own() {
        String echo = "websocket: { allowed-origins: [https://a.com] }";

        assertThat(read(echo).telemetry().feed().allowedOrigins()).containsExactly("https://a.com");
        assertThat(read(echo + "\ntelemetry: { feed: { allowed-origins: [] } }")
                        .telemetry()
                        .feed()
                        .allowedOrigins())
                .isEmpty();
        assertThat(read("", Map.of("RESOUND_WEBSOCKET_ALLOWED_ORIGINS", "null"), Map.of())
                        .telemetry()
                        .feed()
                        .allowedOrigins())
                .containsExactly("null");
        assertThat(read(echo, Map.of("RESOUND_TELEMETRY_FEED_ALLOWED_ORIGINS", "null"), Map.of())
                        .telemetry()
                        .feed()
                        .allowedOrigins())
                .containsExactly("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a.com]", "a.com"})
    void a_broken_list_of_the_echo_is_not_reported_again_for_the_feed(String list) {
        assertThat(problems("websocket: { allowed-origins: %s }".formatted(list)))
                .singleElement()
                .asString()
                .startsWith("websocket.allowed-origins must");
    }

    @Test
    void a_rule_about_a_file_that_a_setting_names_is_reported_with_the_others() {
        var parsed = new ParsedSources();
        YamlText.read(FILE, "http:\n  port: x\n  tls: { certificate: a, key: b, client-ca: c }", parsed);
        var invalid = catchThrowableOfType(
                InvalidConfiguration.class,
                () -> ConfigurationReader.read(
                        parsed,
                        tls -> new Rules()
                                .require(false, "clientCa", tls.clientCa(), "must be readable")
                                .check()));
        assertThat(invalid.problems())
                .extracting(ConfigurationProblem::toString)
                .containsExactly(
                        "http.port must be a whole number up to 2147483647, found \"x\" (conf/resound.yaml line 2)",
                        "http.tls.client-ca must be readable, found \"c\" (conf/resound.yaml line 3)");
    }

    @Test
    void only_an_empty_list_outside_of_a_file_is_told_about_brackets() {
        String rule = "must not be empty; remove it to use the file's value or the default";
        assertThat(problems("", Map.of("RESOUND_WEBSOCKET_ALLOWED_ORIGINS", ""), Map.of()))
                .singleElement()
                .asString()
                .contains(rule + "; [] is the empty list, found");
        assertThat(problems("", Map.of("RESOUND_WEBSOCKET_PATH", ""), Map.of()))
                .singleElement()
                .asString()
                .contains(rule + ", found");
    }

    @Test
    void the_nearest_of_several_keys_is_suggested() {
        assertThat(problems("management: { porst: 1 }"))
                .singleElement()
                .asString()
                .endsWith("did you mean management.port?");
        assertThat(problems("management: { horst: a }"))
                .singleElement()
                .asString()
                .endsWith("did you mean management.host?");
    }

    @Test
    void one_letter_in_five_of_a_name_in_another_section_may_be_wrong() {
        assertThat(problems("http: { clasing-timeaut: 1s }"))
                .singleElement()
                .asString()
                .endsWith("did you mean websocket.closing-timeout?");
        assertThat(problems("http: { clasing-tameaut: 1s }"))
                .singleElement()
                .asString()
                .doesNotContain("did you mean");
    }

    @Test
    void nothing_is_suggested_for_a_name_of_more_than_100_characters() {
        String path = "websocket.keep-alive-interval";
        String longest = path + "-".repeat(100 - path.length());
        assertThat(Suggestion.forPath(longest)).contains(path);
        assertThat(Suggestion.forPath(longest + "-")).isEmpty();
        assertThat(Suggestion.forVariable(longest)).contains(path);
        assertThat(Suggestion.forVariable(longest + "-")).isEmpty();
    }

    @Test
    void a_section_whose_keys_are_all_commented_out_is_the_default() {
        assertThat(read("websocket:\n  # path: /x\nhttp: {}\n")).isEqualTo(Configuration.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http: { port: eighty }                | http.port must be a whole number up to 2147483647, found "eighty" (conf/resound.yaml line 1)
            http: { port: 80.5 }                  | http.port must be a whole number up to 2147483647, found "80.5" (conf/resound.yaml line 1)
            http: { port: 010 }                   | http.port must be a whole number up to 2147483647, found "010" (conf/resound.yaml line 1)
            http: { port: 99999999999 }           | http.port must be a whole number up to 2147483647, found "99999999999" (conf/resound.yaml line 1)
            http: { port: 65536 }                 | http.port must be between 0 and 65535, found "65536" (conf/resound.yaml line 1)
            http: { port: [1] }                   | http.port must be a whole number up to 2147483647, found ["1"] (conf/resound.yaml line 1)
            http: { host: '' }                    | http.host must name an address to bind, in at most 255 characters, found "" (conf/resound.yaml line 1)
            http: { host: { name: a } }           | http.host must be text, found keys of its own (conf/resound.yaml line 1)
            http: 8080                            | http must have keys of its own, found "8080" (conf/resound.yaml line 1)
            http: { port: }                       | http.port must have a value; remove the key to use the default, found no value (conf/resound.yaml line 1)
            websocket: { path: ws }               | websocket.path must be /name or /name/name, of letters, digits and ._~-, found "ws" (conf/resound.yaml line 1)
            websocket: { allowed-origins: }       | websocket.allowed-origins must have a value; remove the key to use the default, found no value (conf/resound.yaml line 1)
            websocket: { allowed-origins: a.com } | websocket.allowed-origins must be a list, as in [a, b], or [] for none, found "a.com" (conf/resound.yaml line 1)
            websocket: { allowed-origins: [[]] }  | websocket.allowed-origins must be a list, as in [a, b], or [] for none, found a list of lists or keys (conf/resound.yaml line 1)
            websocket: { allowed-origins: ['*'] } | websocket.allowed-origins must be an origin; leave the list empty to allow all, found "*" (conf/resound.yaml line 1)
            websocket: { require-origin: yes }    | websocket.require-origin must be true or false, found "yes" (conf/resound.yaml line 1)
            websocket: { max-frame-size: 4KB }    | websocket.max-frame-size must be a size, as in 512, 4KiB or 1MiB, found "4KB" (conf/resound.yaml line 1)
            websocket: { closing-timeout: 1:30 }  | websocket.closing-timeout must be a duration with its unit, as in 250ms, 25s, 2m, 1h or PT1M30S, found "1:30" (conf/resound.yaml line 1)
            websocket: { keep-alive-interval: 5ms } | websocket.keep-alive-interval must be 0 (off) or between 10ms and 24h, found "5ms" (conf/resound.yaml line 1)
            transport: IO_URING                   | transport must be one of auto, io_uring, epoll, nio, found "IO_URING" (conf/resound.yaml line 1)
            logging: { level: loud }              | logging.level must be one of debug, info, warn, error, found "loud" (conf/resound.yaml line 1)
            """)
    void a_broken_rule_is_reported_with_key_rule_found_value_and_place(String file, String report) {
        assertThat(problems(file)).containsExactly(report);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            websocket: { keep-alive-intervall: 1s } | websocket.keep-alive-interval
            websocket: { keepAliveInterval: 1s }    | websocket.keep-alive-interval
            websocket: { keep_alive_interval: 1s }  | websocket.keep-alive-interval
            websockets: { path: /x }                | websocket.path
            keep-alive-interval: 1s                 | websocket.keep-alive-interval
            http: { closing-timeuot: 1s }           | websocket.closing-timeout
            transprot: nio                          | transport
            websockt:                               | websocket
            websockt: {}                            | websocket
            """)
    void an_unknown_key_is_reported_with_the_key_that_was_meant(String file, String meant) {
        assertThat(problems(file))
                .singleElement()
                .asString()
                .contains("is not a known key, found ")
                .endsWith("(conf/resound.yaml line 1); did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "colour: green",
                "port: 80",
                "http: { quic: { packet: a } }",
                "websocket: { '': 1 }",
                "'': 1",
                "colours: {}",
                "colours: { green: {} }",
                "websocket: { x: 1 }"
            })
    void nothing_is_suggested_where_nothing_is_near(String file) {
        assertThat(problems(file))
                .singleElement()
                .asString()
                .contains("is not a known key")
                .doesNotContain("did you mean");
    }

    @Test
    void an_unknown_variable_or_property_is_an_unknown_key() {
        var environment = Map.of("RESOUND_WEBSOCKET_PAHT", "/x");
        var properties = Map.of("resound.http.prot", "1");

        assertThat(problems("", environment, properties))
                .containsExactly(
                        "RESOUND_WEBSOCKET_PAHT is not a known key, found \"/x\" (environment variable);"
                                + " did you mean RESOUND_WEBSOCKET_PATH (websocket.path)?",
                        "http.prot is not a known key, found \"1\" (system property resound.http.prot);"
                                + " did you mean http.port?");
    }

    @ParameterizedTest
    @CsvSource({
        "RESOUND_WEBSOCKET_KEEPALIVE_INTERVAL, websocket.keep-alive-interval",
        "RESOUND_KEEP_ALIVE_INTERVAL, websocket.keep-alive-interval",
        "RESOUND_HTTP_PROT, http.port",
        "RESOUND_HTPP_PORT, http.port",
        "RESOUND_MANAGMENT_PORT, management.port",
        "RESOUND_http_port, http.port",
    })
    void the_variable_that_was_meant_is_suggested(String variable, String meant) {
        assertThat(problems("", Map.of(variable, "80"), Map.of()))
                .containsExactly("%s is not a known key, found \"80\" (environment variable); did you mean %s (%s)?"
                        .formatted(variable, Overrides.variable(meant), meant));
    }

    @Test
    void a_value_is_reported_with_the_source_that_it_came_from() {
        String file = "http:\n  port: 1\nmanagement:\n  port: x";
        var environment = Map.of("RESOUND_HTTP_PORT", "tcp://10.0.0.1");
        var properties = Map.of("resound.drain.period", "-PT1S");

        assertThat(problems(file, environment, properties))
                .containsExactly(
                        "http.port must be a whole number up to 2147483647, found \"tcp://10.0.0.1\""
                                + " (environment variable RESOUND_HTTP_PORT)",
                        "management.port must be a whole number up to 2147483647, found \"x\""
                                + " (conf/resound.yaml line 4)",
                        "drain.period must be between 0s and 1h, found \"-PT1S\""
                                + " (system property resound.drain.period)");
    }

    @Test
    void no_problem_hides_another_one() {
        String file = """
                http: { host: " ", port: 70000, prot: 1 }
                websocket:
                  path: ws
                  closing-timeout: soon
                  handshake-timeout: 2d
                  compression: maybe
                  allowed-origins: [https://a.com/, "*"]
                drain: { period: x, delay: 2h }
                transport: kqueue
                websocket: {}
                """;

        assertThat(problems(file))
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactlyInAnyOrder(
                        FILE,
                        "http.prot",
                        "http.host",
                        "http.port",
                        "websocket.path",
                        "websocket.closing-timeout",
                        "websocket.handshake-timeout",
                        "websocket.compression",
                        "websocket.allowed-origins",
                        "websocket.allowed-origins",
                        "drain.period",
                        "drain.delay",
                        "transport");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http: { port: 8081 }                                                               | true
            { http: { host: 127.0.0.1, port: 1 }, management: { port: 1 } }                     | true
            { http: { host: A, port: 1 }, management: { host: a, port: 1 } }                    | true
            { http: { host: 127.0.0.1, port: 1 }, management: { host: 127.0.0.2, port: 1 } }    | false
            { http: { port: 0 }, management: { port: 0 } }                                      | false
            """)
    void the_two_ports_differ_where_their_addresses_overlap(String file, boolean refused) {
        assertThat(problems(file))
                .filteredOn(line -> line.startsWith("management.port must differ from http.port"))
                .hasSize(refused ? 1 : 0);
    }

    @Test
    void a_default_that_stands_in_for_a_broken_value_breaks_no_rule_of_its_own() {
        assertThat(problems("{ http: { port: 99999 }, management: { port: 8080 } }"))
                .singleElement()
                .asString()
                .startsWith("http.port must be between");
        assertThat(problems("{ http: { host: '' , port: 81 }, management: { port: 81 } }"))
                .hasSize(2);
    }

    @Test
    void a_value_is_shown_on_one_line_and_never_whole_where_it_is_long() {
        var environment = Map.of("RESOUND_HTTP_PORT", "1\n2\u001b" + "3".repeat(200));

        assertThat(problems("", environment, Map.of()))
                .singleElement()
                .asString()
                .contains("found \"1\\u000a2\\u001b33")
                .contains("333...\"")
                .doesNotContain("\n");
    }

    private static Configuration read(String file) {
        return read(file, Map.of(), Map.of());
    }

    private static Configuration read(String file, Map<String, String> environment, Map<String, String> properties) {
        var parsed = new ParsedSources();
        if (!file.isEmpty()) {
            YamlText.read(FILE, file, parsed);
        }
        Overrides.readEnvironment(environment, parsed);
        Overrides.readProperties(properties, parsed);
        return ConfigurationReader.read(parsed);
    }

    private static List<String> problems(String file) {
        return problems(file, Map.of(), Map.of());
    }

    private static List<String> problems(String file, Map<String, String> environment, Map<String, String> properties) {
        var invalid = catchThrowableOfType(InvalidConfiguration.class, () -> read(file, environment, properties));
        return invalid == null
                ? List.of()
                : invalid.problems().stream()
                        .map(ConfigurationProblem::toString)
                        .toList();
    }
}
