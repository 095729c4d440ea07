package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainVerticleTest {

    @Test
    void a_configured_name_is_the_name_of_the_instance() {
        assertThat(MainVerticle.instanceName("pod-7")).isEqualTo("pod-7");
    }

    @Test
    void without_a_configured_name_the_instance_is_named_after_its_host() {
        assertThat(MainVerticle.instanceName("")).isNotBlank();
    }
}
