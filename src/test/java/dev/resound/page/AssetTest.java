package dev.resound.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AssetTest {

    @Test
    void a_file_of_a_web_jar_is_found_without_naming_the_version() {
        String file = Asset.webJarFile("uplot", "dist/uPlot.esm.js");
        assertThat(file).matches("/META-INF/resources/webjars/uplot/[\\d.]+/dist/uPlot\\.esm\\.js");
        assertThat(AssetTest.class.getResource(file)).isNotNull();
    }

    @Test
    void a_missing_web_jar_is_named() {
        assertThatThrownBy(() -> Asset.webJarFile("nothing", "a.js")).hasMessageContaining("org.webjars.npm/nothing/");
    }
}
