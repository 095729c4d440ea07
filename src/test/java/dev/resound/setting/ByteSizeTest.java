package dev.resound.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0B",
        "512, 512, 512B",
        "512B, 512, 512B",
        "4KiB, 4096, 4KiB",
        "4096, 4096, 4KiB",
        "1025, 1025, 1025B",
        "1MiB, 1048576, 1MiB",
        "2GiB, 2147483648, 2GiB",
        "1TiB, 1099511627776, 1TiB",
        "2048TiB, 2251799813685248, 2048TiB",
    })
    void a_size_is_read_and_written_back_in_its_largest_unit(String text, long bytes, String largest) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes)).hasToString(largest);
        assertThat(ByteSize.parse(largest).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KiB", "4KB", "4k", "4 KiB", "4kib", "-1", "1.5MiB", "9999999999999999", "99999999TiB"})
    void anything_else_is_no_size(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
    }

    @Test
    void a_size_is_never_negative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteSize(-1));
    }
}
