package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.setting.ByteSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 section 7.1. */
class DeflateNegotiationTest {

    private static Optional<String> answer(String offer, DeflateSettings settings) {
        return DeflateNegotiation.of(Extension.parse(List.of(offer)).orElseThrow(), settings)
                .map(DeflateNegotiation::responseHeader);
    }

    private static Optional<String> answer(String offer) {
        return answer(offer, DeflateSettings.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate                                                     | permessage-deflate
            permessage-deflate; client_max_window_bits                             | permessage-deflate
            permessage-deflate; client_max_window_bits=9                           | permessage-deflate
            permessage-deflate; server_max_window_bits=15                          | permessage-deflate; server_max_window_bits=15
            permessage-deflate; server_max_window_bits=9                           | permessage-deflate; server_max_window_bits=9
            permessage-deflate; server_max_window_bits="8"                         | permessage-deflate; server_max_window_bits=8
            permessage-deflate; server_no_context_takeover                         | permessage-deflate; server_no_context_takeover
            permessage-deflate; client_no_context_takeover                         | permessage-deflate; client_no_context_takeover
            x-webkit-deflate-frame, permessage-deflate                             | permessage-deflate
            permessage-deflate; magic, permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover
            """)
    void the_first_valid_offer_is_accepted(String offer, String answer) {
        assertThat(answer(offer)).contains(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-other",
                "permessage-bzip2",
                "permessage-deflate; unknown",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=09",
                "permessage-deflate; client_max_window_bits=0",
                "permessage-deflate; client_max_window_bits=x",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=1",
                "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
            })
    void an_invalid_offer_is_declined(String offer) {
        assertThat(answer(offer)).isEmpty();
    }

    @Test
    void the_settings_can_restrict_what_the_client_offers() {
        var frugal = new DeflateSettings(false, 10, ByteSize.ofMiB(1));
        assertThat(answer("permessage-deflate; client_max_window_bits", frugal))
                .contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                        + " server_max_window_bits=10");
        assertThat(answer("permessage-deflate; server_max_window_bits=9", frugal)
                        .orElseThrow())
                .endsWith("server_max_window_bits=9");
    }
}
