package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ForeignProgram;
import dev.resound.test.ObservedServer;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in other languages; {@code .ci/run} installs them. */
@Timeout(60)
class ForeignClientsIT {

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void ws_for_node_receives_its_echoes(String compression) throws Exception {
        ForeignProgram.require("Node's ws: npm install --prefix target ws", "node", "-e", "require('ws')");
        play("node", ForeignProgram.script("echo.js"), compression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void websockets_for_python_receives_its_echoes(String compression) throws Exception {
        ForeignProgram.require("the Debian package python3-websockets", "/usr/bin/python3", "-c", "import websockets");
        play("/usr/bin/python3", ForeignProgram.script("echo.py"), compression);
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
