package dev.resound.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WebJarTest {

    @Test
    void a_file_is_found_without_naming_the_version() {
        String file = WebJar.of("uplot").file("dist/uPlot.esm.js");
        assertThat(file).matches("/META-INF/resources/webjars/uplot/[\\d.]+/dist/uPlot\\.esm\\.js");
        assertThat(WebJarTest.class.getResource(file)).isNotNull();
    }

    @Test
    void a_jar_that_is_not_there_is_named() {
        assertThatThrownBy(() -> WebJar.of("nothing")).hasMessageContaining("org.webjars.npm/nothing/");
    }
}
