package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ForeignProgram;
import dev.resound.test.MetricsPage;
import dev.resound.test.ObservedServer;
import dev.resound.test.RunningResound;
import dev.resound.test.TestTransport;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in other languages; {@code .ci/run} installs them. */
@Timeout(60)
class ForeignClientsIT {

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void ws_for_node_receives_its_echoes(String compression) throws Exception {
        requireWs();
        play("node", ForeignProgram.script("echo.js"), compression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void websockets_for_python_receives_its_echoes(String compression) throws Exception {
        ForeignProgram.require("the Debian package python3-websockets", "/usr/bin/python3", "-c", "import websockets");
        play("/usr/bin/python3", ForeignProgram.script("echo.py"), compression);
    }

    /** Its WebSockets share one connection. One is closed by the client, the others by the drain of the service. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP2", "H2C"})
    void http2_for_node_receives_its_echoes_and_sees_the_drain(TestTransport transport) throws Exception {
        requireWs();
        try (var resound = RunningResound.start(transport, "drain.delay", "0s", "drain.period", "200ms");
                ExecutorService runner = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ForeignProgram.Result> node = runner.submit(() -> ForeignProgram.run(
                    "node", ForeignProgram.script("http2.js"), resound.page().toString()));
            MetricsPage.await(
                    resound,
                    page -> node.isDone()
                            || (page.value("websocket_messages_sent_total") == 3 * 6
                                    && page.value("websocket_connections_closed_total{cause=\"client\",http=\"2\"}")
                                            == 1));
            resound.main().drain();
            assertThat(node.get().exitCode()).as(node.get().output()).isZero();
            MetricsPage.await(
                    resound, page -> page.value("websocket_connections_closed_total{cause=\"drain\",http=\"2\"}") == 5);
        }
    }

    private static void requireWs() throws InterruptedException {
        ForeignProgram.require("Node's ws: npm install --prefix target ws", "node", "-e", "require('ws')");
    }

    private static void play(String program, String script, String compression) throws Exception {
        try (var server = ObservedServer.start("compression", compression)) {
            ForeignProgram.Result result =
                    ForeignProgram.run(program, script, "ws://127.0.0.1:" + server.port() + "/ws", compression);
            assertThat(result.exitCode()).as(result.output()).isZero();
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.CLIENT);
            assertThat(end.code()).isEqualTo(4000);
        }
    }
}
