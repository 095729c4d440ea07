package dev.resound.websocket.handshake;

import static dev.resound.setting.SettingsAssert.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.setting.ByteSize;
import org.junit.jupiter.api.Test;

class DeflateSettingsTest {

    @Test
    void by_default_messages_refer_to_earlier_ones_and_inflate_to_16_mib_at_most() {
        assertThat(DeflateSettings.DEFAULT.contextTakeover()).isTrue();
        assertThat(DeflateSettings.DEFAULT.windowBits()).isEqualTo(15);
        assertThat(DeflateSettings.DEFAULT.maxMessageSize()).isEqualTo(ByteSize.ofMiB(16));
    }

    @Test
    void a_message_is_always_bounded_and_a_window_is_one_of_the_rfc() {
        assertRefuses(() -> new DeflateSettings(true, 8, new ByteSize(0)), "windowBits", "maxMessageSize");
        assertRefuses(() -> new DeflateSettings(true, 16, ByteSize.ofGiB(1025)), "windowBits", "maxMessageSize");
    }
}
