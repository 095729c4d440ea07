package dev.resound.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.resound.config.ConfigurationReader;
import dev.resound.config.InvalidConfiguration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetSettingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "redis://10.0.0.1:6379",
                "redis://[::1]:6379/",
                "rediss://redis.example.com:6380/15",
            })
    void a_url_has_a_host_and_may_have_a_port_and_a_database(String url) {
        FleetSettings settings =
                ConfigurationReader.read(Map.of("fleet.redis", url)).fleet();
        assertThat(settings.on()).isTrue();
        assertThat(settings.tls()).isEqualTo(url.startsWith("rediss"));
    }

    @ParameterizedTest
    @CsvSource({
        "fleet.redis, localhost:6379",
        "fleet.redis, http://localhost:6379",
        "fleet.redis, redis://:hunter2@localhost",
        "fleet.redis, redis://me:hunter2@localhost:6379",
        "fleet.redis, redis://localhost?password=hunter2",
        "fleet.redis, redis://localhost/hunter2",
        "fleet.redis, hunter2",
        "fleet.redis, 'redis://a,redis://hunter2'",
        "fleet.redis, 'redis://a,,hunter2'",
        "fleet.password, ' '",
        "fleet.pasword, hunter2",
        "flet.password, hunter2",
        "redis.password, hunter2",
        "fleet, redis://:hunter2@localhost",
        "fleet.redis.url, redis://:hunter2@localhost",
    })
    void a_report_never_shows_what_may_be_a_password(String key, String value) {
        var refused =
                catchThrowableOfType(InvalidConfiguration.class, () -> ConfigurationReader.read(Map.of(key, value)));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).contains(key).doesNotContain("hunter2").contains("not shown");
    }

    @Test
    void a_password_does_not_show_in_the_report_of_another_key() {
        var refused = catchThrowableOfType(
                InvalidConfiguration.class,
                () -> ConfigurationReader.read(
                        Map.of("fleet.password", "hunter2", "fleet.password-file", "/run/secrets/redis")));
        assertThat(refused.getMessage()).contains("fleet.password-file").doesNotContain("hunter2");
    }

    @Test
    void the_settings_as_text_have_no_password() {
        assertThat(ConfigurationReader.read(Map.of("fleet.password", "hunter2")).toString())
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "fleet.prefix, a{b}",
        "fleet.prefix, a:b",
        "fleet.master, my master",
        "fleet.user, me",
        "fleet.type, replicas",
    })
    void other_values_are_refused(String key, String value) {
        assertThat(catchThrowableOfType(InvalidConfiguration.class, () -> ConfigurationReader.read(Map.of(key, value))))
                .hasMessageContaining(key);
    }

    @Test
    void a_cluster_and_sentinels_may_have_several_urls_and_a_cluster_has_no_database() {
        String urls = "redis://a:6379,redis://b:6379";
        for (String type : new String[] {"cluster", "sentinel"}) {
            assertThat(ConfigurationReader.read(Map.of("fleet.redis", urls, "fleet.type", type))
                            .fleet()
                            .redis())
                    .hasSize(2);
        }
        assertThat(catchThrowableOfType(
                        InvalidConfiguration.class,
                        () -> ConfigurationReader.read(Map.of("fleet.redis", "redis://a/1", "fleet.type", "cluster"))))
                .hasMessageContaining("must not have a database");
        assertThat(catchThrowableOfType(
                        InvalidConfiguration.class,
                        () -> ConfigurationReader.read(Map.of("fleet.redis", "redis://a,rediss://b"))))
                .hasMessageContaining("either");
    }

    @Test
    void the_streams_of_a_fleet_are_on_one_node_of_a_cluster() {
        FleetSettings settings =
                ConfigurationReader.read(Map.of("fleet.prefix", "eu-1")).fleet();
        assertThat(settings.live()).isEqualTo("{eu-1}:live");
        assertThat(settings.history()).isEqualTo("{eu-1}:history");
    }
}
