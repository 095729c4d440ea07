package dev.resound.websocket.handshake;

import static dev.resound.setting.SettingsAssert.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.setting.ByteSize;
import org.junit.jupiter.api.Test;

class DeflateSettingsTest {

    @Test
    void by_default_messages_may_refer_to_earlier_ones_and_inflate_to_at_most_16_mib() {
        assertThat(DeflateSettings.DEFAULT.contextTakeover()).isTrue();
        assertThat(DeflateSettings.DEFAULT.windowBits()).isEqualTo(15);
        assertThat(DeflateSettings.DEFAULT.maxMessageSize()).isEqualTo(ByteSize.ofMiB(16));
    }

    @Test
    void the_size_of_a_message_and_the_window_must_be_within_their_bounds() {
        assertRefuses(() -> new DeflateSettings(true, 8, new ByteSize(0)), "windowBits", "maxMessageSize");
        assertRefuses(() -> new DeflateSettings(true, 16, ByteSize.ofGiB(1025)), "windowBits", "maxMessageSize");
    }
}
