package dev.resound.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InstanceNameTest {

    @Test
    void what_is_configured_wins() {
        assertThat(InstanceName.of("pod-7")).isEqualTo("pod-7");
    }

    @Test
    void without_that_it_is_the_name_of_the_host() {
        assertThat(InstanceName.of("")).isNotBlank();
    }
}
