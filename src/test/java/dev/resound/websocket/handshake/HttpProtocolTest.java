package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProtocolTest {

    @ParameterizedTest
    @CsvSource({"HTTP_1_0, 1.1", "HTTP_1_1, 1.1", "HTTP_2, 2"})
    void the_label_is_1_1_or_2_and_http_1_0_counts_as_1_1(HttpVersion version, String label) {
        assertThat(HttpProtocol.of(version).label()).isEqualTo(label);
    }

    /** The service does not listen for it. A version that does needs a constant of its own. */
    @Test
    void http_3_has_no_label() {
        assertThatIllegalArgumentException().isThrownBy(() -> HttpProtocol.of(HttpVersion.HTTP_3));
    }
}
