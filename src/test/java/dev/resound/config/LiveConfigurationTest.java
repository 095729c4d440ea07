package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What changes while the service runs, and what it says about it. */
class LiveConfigurationTest {

    private final LiveConfiguration live = new LiveConfiguration(Configuration.DEFAULT);
    private final CapturedLog log = new CapturedLog(LiveConfiguration.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void a_live_setting_is_taken_up_and_logged_with_its_old_and_new_value() {
        live.follow(read("websocket.keep-alive-interval", "25s", "websocket.allowed-origins", "https://a.com"));

        assertThat(live.get().websocket().keepAliveInterval()).hasSeconds(25);
        assertThat(live.get().websocket().allowedOrigins()).containsExactly("https://a.com");
        assertThat(log.lines())
                .containsExactly(
                        "INFO configuration changed key=websocket.keep-alive-interval from=2m to=25s",
                        "INFO configuration changed key=websocket.allowed-origins from=[] to=[https://a.com]",
                        // Their default is the value of the one before.
                        "INFO configuration changed key=telemetry.feed.allowed-origins from=[] to=[https://a.com]",
                        "INFO configuration changed key=fleet.feed.allowed-origins from=[] to=[https://a.com]");
    }

    @Test
    void a_change_of_a_secret_is_logged_without_it() {
        live.follow(read("fleet.password", "hunter2", "fleet.redis", "redis://redis.example.com"));

        assertThat(log.lines())
                .hasSize(2)
                .allSatisfy(line ->
                        assertThat(line).contains("a value that is not shown").doesNotContain("hunter2", "example"));
    }

    @Test
    void a_section_may_be_live_as_a_whole() {
        live.follow(read("drain.period", "3s"));

        assertThat(live.get().drain().period()).hasSeconds(3);
    }

    @Test
    void a_setting_that_needs_a_restart_keeps_its_value_and_warns_once() {
        live.follow(read("http.port", "9090", "transport", "nio"));
        live.follow(read("http.port", "9090", "transport", "nio", "drain.period", "3s"));

        assertThat(live.get().http().port()).isEqualTo(8080);
        assertThat(log.lines())
                .containsExactly(
                        "WARN configuration change needs a restart key=http.port from=8080 to=9090",
                        "WARN configuration change needs a restart key=transport from=auto to=nio",
                        "INFO configuration changed key=drain.period from=10s to=3s");
    }

    @Test
    void a_change_that_is_taken_back_before_the_restart_is_no_change() {
        live.follow(read("http.port", "9090"));
        live.follow(read());

        assertThat(live.get()).isEqualTo(Configuration.DEFAULT);
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void nothing_is_said_where_nothing_changed() {
        live.follow(read());

        assertThat(log.lines()).isEmpty();
    }

    private static Configuration read(String... keysAndValues) {
        Map<String, String> settings = new java.util.HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return ConfigurationReader.read(settings);
    }
}
