package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelsTest {

    @Test
    void a_label_is_the_name_in_lower_case_with_hyphens() {
        assertThat(CloseCause.SLOW_CONSUMER.label()).isEqualTo("slow-consumer");
        assertThat(CloseCause.CLIENT.label()).isEqualTo("client");
        assertThat(MessageType.TEXT.label()).isEqualTo("text");
        assertThat(MessageType.BINARY.label()).isEqualTo("binary");
    }
}
