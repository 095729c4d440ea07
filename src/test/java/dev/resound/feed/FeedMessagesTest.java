package dev.resound.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.ConnectionEvent;
import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FeedMessagesTest {

    private static final ConnectionInfo SOMEBODY = new ConnectionInfo(
            "7", ConnectionKind.ECHO, HttpProtocol.HTTP_2, "192.0.2.1:5000", "https://client.example");

    @Test
    void an_opened_event_contains_the_time_the_protocol_and_the_http_version() {
        assertThat(FeedMessages.event(new ConnectionEvent.Opened(SOMEBODY), 1_764_110_000_500L)
                        .encode())
                .isEqualTo("{\"type\":\"opened\",\"time\":1764110000.5,\"protocol\":\"echo\",\"http\":\"2\"}");
    }

    @Test
    void that_it_closed_says_why_and_what_it_did_but_not_whose_it_was_nor_the_code() {
        var end = new ConnectionEnd(CloseCause.SLOW_CONSUMER, 4321, Duration.ofMillis(1500), 3, 2);
        assertThat(FeedMessages.event(new ConnectionEvent.Closed(SOMEBODY, end), 1_764_110_002_000L)
                        .encode())
                .isEqualTo(
                        "{\"type\":\"closed\",\"time\":1764110002,\"protocol\":\"echo\",\"http\":\"2\",\"cause\":\"slow-consumer\","
                                + "\"duration\":1.5,\"messages\":{\"received\":3,\"sent\":2}}");
    }
}
