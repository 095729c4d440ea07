package dev.resound.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.lifecycle.StartFailure;
import dev.resound.test.RawHttp;
import dev.resound.test.RunningResound;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class WebVerticleTest {

    @Test
    void a_port_in_use_fails_the_start_in_one_line() {
        try (var resound = RunningResound.start()) {
            String port = String.valueOf(resound.port());
            assertThatThrownBy(() -> RunningResound.start("http.port", port))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + port + " (http.host, http.port): ")
                    .message()
                    .doesNotContain("\n");
        }
    }

    @Test
    void a_path_that_is_configured_takes_the_place_of_the_usual_one() throws IOException {
        try (var resound = RunningResound.start("websocket.path", "/echo")) {
            // 400 is the answer to what is no handshake, 404 that to what is not there.
            assertThat(RawHttp.exchange(resound.port(), "GET /echo HTTP/1.1").status())
                    .isEqualTo(400);
            assertThat(RawHttp.exchange(resound.port(), "GET /ws HTTP/1.1").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void all_instances_answer_on_one_port() throws IOException {
        try (var resound = RunningResound.start()) {
            // Connections go to the two instances in turn.
            for (int i = 0; i < 4; i++) {
                assertThat(RawHttp.exchange(resound.port(), "GET / HTTP/1.1").status())
                        .isEqualTo(200);
            }
        }
    }
}
