package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {

    private static final String HOST = "server.com:8080";

    @ParameterizedTest
    @CsvSource({
        // listed,                 the request's Origin,           allowed
        "'',                       https://anyone.com,             true",
        "'',                       null,                           true",
        "'',                       not an origin,                  true",
        "https://client.com,       https://client.com,             true",
        "https://client.com,       https://CLIENT.com:443,         true",
        "https://client.com,       http://client.com,              false",
        "https://client.com,       https://client.com:8443,        false",
        "https://client.com,       https://www.client.com,         false",
        "https://client.com,       https://evilclient.com,         false",
        "https://client.com,       https://client.com.evil.com,    false",
        "https://client.com,       https://client.com/,            false",
        "https://client.com,       null,                           false",
        "https://client.com,       '',                             false",
        "https://client.com:8443,  https://client.com:8443,        true",
        "https://client.com:8443,  https://client.com,             false",
        "https://*.client.com,     https://www.client.com,         true",
        "https://*.client.com,     https://a.b.client.com,         true",
        "https://*.client.com,     https://WWW.Client.Com,         true",
        "https://*.client.com,     https://client.com,             false",
        "https://*.client.com,     https://.client.com,            false",
        "https://*.client.com,     https://evilclient.com,         false",
        "https://*.client.com,     https://www.client.com.evil.com, false",
        "https://*.client.com,     http://www.client.com,          false",
        "https://*.client.com,     https://www.client.com:8443,    false",
        "http://*.client.com:81,   http://www.client.com:81,       true",
        "null,                     null,                           true",
        "null,                     https://client.com,             false",
        "null,                     NULL,                           false",
        "same-origin,              http://server.com:8080,         true",
        "same-origin,              https://server.com:8080,        true",
        "same-origin,              http://server.com,              false",
        "same-origin,              http://other.com:8080,          false",
        "same-origin,              null,                           false",
        "https://a.com|null,       null,                           true",
        "https://a.com|https://b.com, https://b.com,               true",
    })
    void an_origin_is_allowed_or_not(String listed, String origin, boolean allowed) {
        List<String> entries = listed.isEmpty() ? List.of() : List.of(listed.split("\\|"));
        assertThat(new OriginPolicy(entries, false)
                        .allowing(List.of(origin), HOST)
                        .isPresent())
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        // listed,                                      the request's Origin,     what allows it
        "'',                                            https://anyone.com,       all allowed (the list is empty)",
        "'',                                            ,                         no Origin sent",
        "https://a.com|https://b.com:443,               https://B.com,            https://b.com:443",
        "https://*.a.com|https://*.b.a.com,             https://c.b.a.com,        https://*.a.com",
        "https://*.a.com|https://b.a.com,               https://b.a.com,          https://b.a.com",
        "https://*.a.com|same-origin,                   http://server.com:8080,   same-origin",
        "https://*.a.com|null,                          null,                     null",
    })
    void the_entry_that_allows_an_origin_is_returned_as_configured(String listed, String origin, String allowing) {
        List<String> entries = listed.isEmpty() ? List.of() : List.of(listed.split("\\|"));
        List<String> origins = origin == null ? List.of() : List.of(origin);
        assertThat(new OriginPolicy(entries, false).allowing(origins, HOST)).contains(allowing);
    }

    @Test
    void a_request_without_origin_is_allowed_unless_one_is_required() {
        assertThat(new OriginPolicy(List.of("https://client.com"), false).allowing(List.of(), HOST))
                .isPresent();
        assertThat(new OriginPolicy(List.of("https://client.com"), true).allowing(List.of(), HOST))
                .isEmpty();
        assertThat(new OriginPolicy(List.of(), true).allowing(List.of(), HOST)).isEmpty();
        assertThat(new OriginPolicy(List.of(), true).allowing(List.of("https://client.com"), HOST))
                .isPresent();
    }

    @Test
    void a_request_with_two_origins_is_not_allowed_even_if_all_origins_are() {
        List<String> origins = List.of("https://client.com", "https://client.com");
        assertThat(new OriginPolicy(List.of(), false).allowing(origins, HOST)).isEmpty();
        assertThat(new OriginPolicy(List.of("https://client.com"), false).allowing(origins, HOST))
                .isEmpty();
    }

    @Test
    void a_request_without_host_is_never_same_origin() {
        assertThat(new OriginPolicy(List.of("same-origin"), false).allowing(List.of("http://server.com"), null))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://client.com",
                "http://client.com:8080",
                "https://*.client.com",
                "http://[::1]:3000",
                "chrome-extension://abcdef",
                "same-origin",
                "null"
            })
    void a_valid_entry_has_no_problem(String entry) {
        assertThat(OriginPolicy.problem(entry)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "client.com",
                "https://client.com/",
                "https://*",
                "https://*.",
                "https://*client.com",
                "https://www.*.com",
                "https://*.*.com",
                "https://client.com:99999",
                "Same-Origin",
                ""
            })
    void an_invalid_entry_has_a_problem(String entry) {
        assertThat(OriginPolicy.problem(entry)).isPresent();
    }
}
