package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in other languages; {@code .ci/run} installs them. */
@Timeout(60)
class ForeignClientsIT {

    private static final String MODULES =
            Path.of("target", "node_modules").toAbsolutePath().toString();

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void ws_for_node_gets_back_what_it_sends(String compression) throws Exception {
        require("Node's ws: npm install --prefix target ws", "node", "-e", "require('ws')");
        play("node", script("echo.js"), compression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void the_websockets_of_python_get_back_what_they_send(String compression) throws Exception {
        require("the Debian package python3-websockets", "/usr/bin/python3", "-c", "import websockets");
        play("/usr/bin/python3", script("echo.py"), compression);
    }

    private static void play(String program, String script, String compression) throws Exception {
        try (var server = ObservedServer.start("compression", compression)) {
            assertThat(run(program, script, "ws://127.0.0.1:" + server.port() + "/ws", compression))
                    .isEqualTo("exit code 0");
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.CLIENT);
            assertThat(end.code()).isEqualTo(4000);
        }
    }

    /** Where it must be there it fails the test, elsewhere the test is skipped. */
    private static void require(String what, String... probe) throws Exception {
        String result;
        try {
            result = run(probe);
        } catch (IOException absent) {
            result = absent.getMessage();
        }
        if ("true".equals(System.getenv("CI"))) {
            assertThat(result).as("this test needs %s", what).isEqualTo("exit code 0");
        }
        Assumptions.assumeTrue("exit code 0".equals(result), "this test needs " + what);
    }

    /** Its exit code, and what it said if that is not 0. */
    private static String run(String... command) throws Exception {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().put("NODE_PATH", MODULES);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return "exit code " + code + (code == 0 ? "" : ": " + said);
    }

    private static String script(String name) throws Exception {
        return Path.of(ForeignClientsIT.class.getResource("/clients/" + name).toURI())
                .toString();
    }
}
