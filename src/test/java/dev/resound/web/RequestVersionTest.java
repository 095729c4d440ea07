package dev.resound.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Found by the fuzzer: the status line of an answer held whatever word the client had sent for a version. */
@Timeout(60)
class RequestVersionTest {

    private static RunningResound resound;

    @BeforeAll
    static void start() {
        resound = RunningResound.start();
    }

    @AfterAll
    static void stop() {
        resound.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HÔTP/1.1", "HTTP/1.7", "HTTP/2.0", "HTTP/0.9", "ICY/1.1"})
    void a_request_of_an_unknown_version_is_refused_in_http_1_1(String version) {
        for (String path : new String[] {"/", "/ws"}) {
            try (WireClient client = WireClient.tcp(resound.port())) {
                client.send(WireClient.request().replace("/ws HTTP/1.1", path + " " + version));
                assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
    void a_request_of_http_1_is_served(String version) {
        try (WireClient client = WireClient.tcp(resound.port())) {
            client.send("GET / " + version + "\r\nHost: localhost\r\n\r\n").expectStatus(200);
        }
    }
}
