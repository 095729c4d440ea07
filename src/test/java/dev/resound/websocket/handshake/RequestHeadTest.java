package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadTest {

    private static RequestHead head(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RequestHead(HttpMethod.GET, "/ws", HttpVersion.HTTP_1_1, headers);
    }

    @Test
    void a_token_may_stand_anywhere_in_any_of_the_headers_and_only_whole() {
        RequestHead head = head("Connection", "keep-alive", "connection", ",x ,UPGRADE", "Connection", "no-close");
        assertThat(head.hasToken("Connection", "upgrade")).isTrue();
        assertThat(head.hasToken("Connection", "keep-alive")).isTrue();
        assertThat(head.hasToken("Connection", "close")).isFalse();
        assertThat(head.hasToken("Upgrade", "upgrade")).isFalse();
    }

    @Test
    void a_body_is_announced_by_its_length_or_its_coding() {
        assertThat(head().hasBody()).isFalse();
        assertThat(head("Content-Length", " 0").hasBody()).isFalse();
        assertThat(head("Content-Length", "1").hasBody()).isTrue();
        assertThat(head("Transfer-Encoding", "chunked").hasBody()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_0, HTTP/1.0", "HTTP_1_1, HTTP/1.1"})
    void the_version_is_told_as_it_stands_in_the_request_line(HttpVersion version, String name) {
        var head = new RequestHead(HttpMethod.GET, "/ws", version, MultiMap.caseInsensitiveMultiMap());
        assertThat(head.versionName()).isEqualTo(name);
    }

    @Test
    void where_a_target_stops_to_be_a_uri_is_told() {
        var headers = MultiMap.caseInsensitiveMultiMap();
        assertThat(new RequestHead(HttpMethod.GET, "/ws?a=b", HttpVersion.HTTP_1_1, headers).targetBreaksAt())
                .isEmpty();
        assertThat(new RequestHead(HttpMethod.GET, "/ws?a=|", HttpVersion.HTTP_1_1, headers).targetBreaksAt())
                .hasValue(6);
    }
}
