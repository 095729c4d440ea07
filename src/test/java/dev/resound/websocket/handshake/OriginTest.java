package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "http://client.com,      http://client.com:80",
        "https://client.com,     https://client.com:443",
        "ws://client.com,        ws://client.com:80",
        "wss://client.com,       wss://client.com:443",
        "HTTPS://CLIENT.com,     https://client.com",
        "http://[::1],           http://[::1]:80",
        "http://[2001:DB8::1],   http://[2001:db8::1]:80",
    })
    void two_spellings_of_an_origin_are_equal(String one, String other) {
        assertThat(Origin.parse(one)).isPresent().isEqualTo(Origin.parse(other));
    }

    @ParameterizedTest
    @CsvSource({
        "http://client.com,      https://client.com",
        "http://client.com,      http://client.com:8080",
        "http://client.com,      http://www.client.com",
        "http://client.com,      http://client.com.",
        "http://client.com:443,  https://client.com:443",
    })
    void origins_that_differ_in_scheme_host_or_port_are_not_equal(String one, String other) {
        assertThat(Origin.parse(one)).isPresent().isNotEqualTo(Origin.parse(other));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "client.com",
                "http://",
                "http://client.com/",
                "http://client.com/path",
                "http://client.com?query",
                "http://user@client.com",
                "http://client.com:",
                "http://client.com:65536",
                "http://client.com:123456",
                "http://client.com:-1",
                "http:client.com",
                "http://a b",
                "http://[::1",
                "http://client.com http://other.com",
            })
    void anything_else_is_not_an_origin(String text) {
        assertThat(Origin.parse(text)).isEmpty();
    }

    @Test
    void a_port_is_at_most_65535() {
        assertThat(Origin.parse("http://client.com:65535")).contains(new Origin("http", "client.com", 65535));
        assertThat(Origin.parse("http://client.com:65536")).isEmpty();
    }

    @Test
    void schemes_without_a_default_port_are_origins_too() {
        assertThat(Origin.parse("chrome-extension://abcdef")).isPresent();
        assertThat(Origin.parse("capacitor://localhost")).isNotEqualTo(Origin.parse("ionic://localhost"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://client.com,       client.com,       true",
        "http://client.com,       client.com:80,    true",
        "http://client.com,       CLIENT.COM,       true",
        "https://client.com,      client.com,       true",
        "https://client.com,      client.com:443,   true",
        "https://client.com,      client.com:80,    false",
        "http://client.com:8080,  client.com:8080,  true",
        "http://client.com:8080,  client.com,       false",
        "http://client.com,       evilclient.com,   false",
        "http://client.com,       client.com.evil,  false",
        "http://[::1]:8080,       [::1]:8080,       true",
        "http://[::1],            [::1],            true",
        "http://[::1],            [::2],            false",
        "http://client.com,       x@client.com,     false",
        "http://client.com,       '',               false",
    })
    void an_origin_is_compared_with_the_host_header(String origin, String host, boolean same) {
        assertThat(Origin.parse(origin).orElseThrow().isHost(host)).isEqualTo(same);
    }
}
