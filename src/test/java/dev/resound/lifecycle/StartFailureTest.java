package dev.resound.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class StartFailureTest {

    @Test
    void a_taken_port_is_one_line_that_names_the_keys() {
        for (String said :
                new String[] {"Address already in use", "bind(..) failed with error(-98): Address already in use"}) {
            assertThat(StartFailure.cannotListen("http", "0.0.0.0", 8080, new IOException(said)))
                    .hasMessage("cannot listen on 0.0.0.0:8080 (http.host, http.port): Address already in use");
        }
    }

    @Test
    void an_unknown_host_is_told_as_the_system_tells_it() {
        assertThat(StartFailure.cannotListen(
                        "management", "nowhere", 1, new UnknownHostException("nowhere: no such name")))
                .hasMessage("cannot listen on nowhere:1 (management.host, management.port): nowhere: no such name");
    }
}
