package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLogTest {

    @ParameterizedTest
    @CsvSource({"HTTP_1, 1.1", "HTTP_2, 2"})
    void the_line_of_an_opened_connection_ends_with_the_http_version(HttpProtocol http, String version) {
        try (var log = new CapturedLog("dev.resound.connection")) {
            ConnectionLog.opened(new ConnectionInfo("7", ConnectionKind.ECHO, http, "192.0.2.1:5000", null));
            assertThat(log.lines())
                    .containsExactly("INFO connection opened id=7 address=192.0.2.1:5000 origin=- http=" + version);
        }
    }
}
