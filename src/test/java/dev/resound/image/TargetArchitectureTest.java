package dev.resound.image;

import static dev.resound.image.TargetArchitecture.AMD64;
import static dev.resound.image.TargetArchitecture.ARM64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TargetArchitectureTest {

    @Test
    void it_has_the_name_that_oci_gives_it() {
        assertThat(TargetArchitecture.named("amd64")).isEqualTo(AMD64);
        assertThat(TargetArchitecture.named("arm64")).isEqualTo(ARM64);
        assertThatThrownBy(() -> TargetArchitecture.named("s390x")).hasMessageContaining("s390x");
    }

    @Test
    void it_excludes_the_native_libraries_of_the_others_only() {
        assertThat(AMD64.excludes("netty-transport-native-epoll-4.2.18.Final-linux-aarch_64.jar"))
                .isTrue();
        assertThat(AMD64.excludes("netty-transport-native-epoll-4.2.18.Final-linux-x86_64.jar"))
                .isFalse();
        assertThat(ARM64.excludes("netty-transport-native-epoll-4.2.18.Final-linux-x86_64.jar"))
                .isTrue();
        assertThat(ARM64.excludes("netty-transport-native-unix-common-4.2.18.Final.jar"))
                .isFalse();
    }

    @Test
    void an_image_cannot_be_built_on_another_architecture_or_system() {
        assertThatCode(() -> ARM64.requireJavaOf("Linux", "aarch64")).doesNotThrowAnyException();
        assertThatThrownBy(() -> ARM64.requireJavaOf("Linux", "amd64"))
                .hasMessage("an image for arm64 has to be built on Linux on arm64, not on Linux on amd64");
        assertThatThrownBy(() -> ARM64.requireJavaOf("Mac OS X", "aarch64")).hasMessageContaining("Mac OS X");
    }
}
