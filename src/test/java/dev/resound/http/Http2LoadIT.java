package dev.resound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Bystander;
import dev.resound.test.ForeignProgram;
import dev.resound.test.Http2Connection;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import dev.resound.test.TestTransport;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page over HTTP/2 as another implementation sees it: h2load of nghttp2. */
@Timeout(60)
class Http2LoadIT {

    private static final int WEB_SOCKETS = 20;

    private static void load(RunningResound resound, int connections, int streams, int requests) throws Exception {
        ForeignProgram.require("h2load", "h2load", "--version");
        String output = ForeignProgram.run(
                        "h2load",
                        "-c" + connections,
                        "-m" + streams,
                        "-n" + requests,
                        resound.page().toString())
                .output();
        assertThat(output).contains(requests + " succeeded, 0 failed, 0 errored, 0 timeout", requests + " 2xx");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP2", "H2C"})
    void ten_responses_of_12_kb_at_a_time_arrive_on_one_connection(TestTransport transport) throws Exception {
        try (var resound = RunningResound.start(transport)) {
            load(resound, 1, 10, 200);
        }
    }

    /** All WebSockets are on one connection. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP2", "H2C"})
    void websockets_echo_while_other_connections_load_the_page(TestTransport transport) throws Exception {
        try (var resound = RunningResound.start(transport);
                var connection = Http2Connection.open(transport, resound.port())) {
            List<Bystander> webSockets = Stream.generate(() -> Bystander.of(connection.open()))
                    .limit(WEB_SOCKETS)
                    .toList();
            load(resound, 4, 25, 4000);
            webSockets.forEach(Bystander::leaveUnharmed);
            MetricsPage.await(resound, page -> page.sum("websocket_connections") == 0);
            assertThat(MetricsPage.of(resound).value("websocket_connections_closed_total{http=\"2\"}"))
                    .isEqualTo(WEB_SOCKETS);
        }
    }
}
