package dev.resound.feed;

import static dev.resound.setting.SettingsAssert.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FeedSettingsTest {

    @Test
    void the_feed_is_on_by_default_and_open_to_all_sites_as_the_echo_is() {
        assertThat(FeedSettings.DEFAULT.enabled()).isTrue();
        assertThat(FeedSettings.DEFAULT.allowedOrigins()).isEmpty();
    }

    @Test
    void its_origins_are_written_as_those_of_the_echo() {
        assertThat(new FeedSettings(true, List.of("https://*.client.com", "same-origin")).allowedOrigins())
                .hasSize(2);
        assertRefuses(() -> new FeedSettings(true, List.of("client.com")), "allowedOrigins");
    }
}
