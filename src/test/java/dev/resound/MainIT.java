package dev.resound;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.Waiting.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.FreePort;
import dev.resound.test.ResoundProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program as people start and end it. */
class MainIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @AfterAll
    static void close() {
        HTTP.close();
    }

    /** How the server closed. */
    private record Closed(int code, String reason) {}

    private static CompletableFuture<Closed> connect(ResoundProcess resound) {
        var closed = new CompletableFuture<Closed>();
        HTTP.newWebSocketBuilder()
                .buildAsync(resound.webSocket(), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        closed.complete(new Closed(code, reason));
                        return CompletableFuture.completedStage(null);
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable error) {
                        closed.completeExceptionally(error);
                    }
                })
                .join();
        return closed;
    }

    private static int status(ResoundProcess resound, String path) {
        try {
            var request = HttpRequest.newBuilder(resound.management(path)).build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void it_says_in_a_few_lines_where_it_listens() {
        try (var resound = ResoundProcess.ready(Map.of())) {
            assertThat(resound.output().lines())
                    .hasSizeLessThanOrEqualTo(6)
                    .anyMatch(line -> line.contains("page at http://localhost:" + resound.port() + "/"))
                    .anyMatch(line -> line.contains("WebSocket at ws://localhost:" + resound.port() + "/ws"))
                    .anyMatch(line -> line.contains("metrics at http://localhost:"));
        }
    }

    @Test
    void a_check_ends_with_0_if_a_service_echoes_and_with_1_if_not_and_says_so_in_one_line() {
        try (var resound = ResoundProcess.ready(Map.of());
                var check = ResoundProcess.launch(
                        Map.of(), "--check", resound.webSocket().toString());
                var refused = ResoundProcess.launch(
                        Map.of(),
                        "--check",
                        resound.webSocket().resolve("/elsewhere").toString())) {
            assertThat(check.exitCode()).isZero();
            assertThat(check.output().strip()).matches("ws://127\\.0\\.0\\.1:\\d+/ws: echo after \\d+\\.\\d ms");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.output().strip())
                    .matches("resound: ws://127\\.0\\.0\\.1:\\d+/elsewhere: refused with 404 Not Found");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void a_signal_closes_every_connection_with_1001_and_ends_with_exit_code_0(String signal) throws Exception {
        try (var resound = ResoundProcess.ready(Map.of("RESOUND_DRAIN_PERIOD", "500ms"))) {
            var first = connect(resound);
            var second = connect(resound);
            resound.signal(signal);
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(new Closed(1001, "server draining"));
            assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(new Closed(1001, "server draining"));
            assertThat(resound.exitCode()).isZero();
            assertThat(resound.output())
                    .contains("drain begins")
                    .contains("cause=drain")
                    .contains("stopped");
        }
    }

    @Test
    void while_the_delay_lasts_it_is_alive_and_not_ready_and_serves_as_before() {
        try (var resound = ResoundProcess.ready(Map.of("RESOUND_DRAIN_DELAY", "2s", "RESOUND_DRAIN_PERIOD", "0s"))) {
            assertThat(status(resound, "/readyz")).isEqualTo(200);
            resound.signal("TERM");
            resound.await(() -> status(resound, "/readyz") == 503);
            assertThat(status(resound, "/livez")).isEqualTo(200);
            var late = connect(resound);
            assertThat(late.orTimeout(10, TimeUnit.SECONDS).join().code()).isEqualTo(1001);
            assertThat(resound.exitCode()).isZero();
        }
    }

    @Test
    void a_second_signal_changes_nothing() {
        try (var resound = ResoundProcess.ready(Map.of("RESOUND_DRAIN_DELAY", "1s", "RESOUND_DRAIN_PERIOD", "0s"))) {
            var closed = connect(resound);
            resound.signal("TERM");
            resound.await(() -> resound.output().contains("drain begins"));
            resound.signal("TERM");
            resound.signal("INT");
            assertThat(closed.orTimeout(10, TimeUnit.SECONDS).join().code()).isEqualTo(1001);
            assertThat(resound.exitCode()).isZero();
            assertThat(resound.output()).containsOnlyOnce("drain begins");
        }
    }

    @Test
    void a_peer_that_does_not_answer_the_close_is_cut_after_the_closing_timeout() throws Exception {
        var settings = Map.of("RESOUND_DRAIN_PERIOD", "0s", "RESOUND_WEBSOCKET_CLOSING_TIMEOUT", "500ms");
        try (var resound = ResoundProcess.ready(settings);
                var mute = new Socket(InetAddress.getLoopbackAddress(), resound.port())) {
            mute.getOutputStream()
                    .write(
                            "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            resound.await(() -> resound.output().contains("connection opened"));
            resound.signal("TERM");
            assertThat(resound.exitCode()).isZero();
        }
    }

    @Test
    void a_taken_port_is_one_clear_line_and_exit_code_1_and_nothing_listens() throws Exception {
        try (var taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            try (var resound = ResoundProcess.launch(Map.of("RESOUND_HTTP_PORT", port))) {
                assertThat(resound.exitCode()).isEqualTo(1);
                assertThat(resound.output().lines())
                        .containsExactly("resound: cannot listen on 0.0.0.0:" + port
                                + " (http.host, http.port): Address already in use");
            }
            try (var resound = ResoundProcess.launch(Map.of("RESOUND_MANAGEMENT_PORT", port))) {
                assertThat(resound.exitCode()).isEqualTo(1);
                assertThat(resound.output()).contains("management.port");
            }
        }
    }

    @Test
    void every_error_of_the_configuration_is_reported_at_once_with_exit_code_2(@TempDir Path directory)
            throws Exception {
        Path file = Files.writeString(directory.resolve("bad.yaml"), """
                websocket:
                  keep-alive-intervall: 3s
                  path: ws
                http: { port: lots }
                """);
        try (var resound = ResoundProcess.launch(Map.of("RESOUND_DRAIN_PERIOD", "soon"), "--conf", file.toString())) {
            assertThat(resound.exitCode()).isEqualTo(2);
            assertThat(resound.output())
                    .contains("websocket.keep-alive-intervall")
                    .contains("websocket.keep-alive-interval?")
                    .contains("websocket.path")
                    .contains("drain.period")
                    .contains("soon")
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void a_configuration_file_that_is_not_there_is_an_error() {
        try (var resound = ResoundProcess.launch(Map.of(), "--conf", "nowhere.yaml")) {
            assertThat(resound.exitCode()).isEqualTo(2);
            assertThat(resound.output()).contains("nowhere.yaml").doesNotContain("\tat ");
        }
    }

    @Test
    void arguments_that_make_no_sense_print_the_usage_with_exit_code_2() {
        try (var resound = ResoundProcess.launch(Map.of(), "--prot", "80")) {
            assertThat(resound.exitCode()).isEqualTo(2);
            assertThat(resound.output()).contains("unknown argument --prot").contains("Usage:");
        }
    }

    @Test
    void help_and_version_are_printed_with_exit_code_0() {
        try (var help = ResoundProcess.launch(Map.of(), "--help");
                var version = ResoundProcess.launch(Map.of(), "--version")) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.output()).startsWith("Usage:");
            assertThat(version.exitCode()).isZero();
            assertThat(version.output()).matches("\\d+\\.\\d+\\.\\d+\\R");
        }
    }

    @Test
    void nothing_is_written_to_disk() throws Exception {
        try (var resound = ResoundProcess.ready(Map.of())) {
            var request = HttpRequest.newBuilder(resound.page()).build();
            assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            connect(resound);
            assertThat(resound.written()).isEmpty();
        }
    }

    @Test
    void the_log_can_be_json_lines() {
        try (var resound = ResoundProcess.ready(Map.of("RESOUND_LOGGING_FORMAT", "json"))) {
            assertThat(resound.output().lines()).allMatch(line -> line.startsWith("{\"time\":") && line.endsWith("}"));
        }
    }

    @Test
    void no_payload_is_ever_logged_and_nothing_per_message() throws Exception {
        try (var resound = ResoundProcess.ready(Map.of("RESOUND_LOGGING_LEVEL", "debug"))) {
            WebSocket socket = HTTP.newWebSocketBuilder()
                    .buildAsync(resound.webSocket(), new WebSocket.Listener() {})
                    .join();
            for (int i = 0; i < 10; i++) {
                socket.sendText("a secret", true).join();
            }
            socket.sendClose(1000, "another secret").join();
            resound.await(() -> resound.output().contains("connection closed"));
            assertThat(resound.output())
                    .doesNotContain("secret")
                    .contains("cause=client code=1000")
                    .contains("received=10 sent=10");
            assertThat(resound.output().lines())
                    .filteredOn(line -> line.contains("connection "))
                    .hasSize(2);
        }
    }

    @Test
    void a_signal_at_the_first_200_of_readyz_drains_and_ends_with_exit_code_0() throws Exception {
        for (int i = 0; i < 5; i++) {
            int port = FreePort.next();
            try (var resound = ResoundProcess.launch(Map.of("RESOUND_MANAGEMENT_PORT", Integer.toString(port)))) {
                var readyz = URI.create("http://127.0.0.1:" + port + "/readyz");
                while (statusOrNone(readyz) != 200) {
                    assertThat(resound.isAlive()).isTrue();
                }
                ProcessHandle.of(resound.pid()).orElseThrow().destroy(); // SIGTERM, without a process of its own.
                assertThat(resound.exitCode()).isZero();
                assertThat(resound.output()).contains("drained").contains("stopped");
            }
        }
    }

    private static int statusOrNone(URI uri) {
        try {
            return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_signal_during_the_start_ends_it_promptly_and_without_an_error() throws Exception {
        for (int millis : new int[] {100, 300, 500, 700}) {
            try (var resound = ResoundProcess.launch(Map.of())) {
                pause(Duration.ofMillis(millis));
                resound.signal("TERM");
                assertThat(resound.exitCode()).isIn(143, 0);
                assertThat(resound.output()).doesNotContain("ERROR").doesNotContain("\tat ");
            }
        }
    }

    @Test
    void output_that_nobody_reads_loses_lines_and_holds_up_neither_clients_nor_the_exit() throws Exception {
        int port = FreePort.next();
        int management = FreePort.next();
        Process unread = ResoundProcess.unread(Map.of(
                "RESOUND_HTTP_PORT",
                Integer.toString(port),
                "RESOUND_MANAGEMENT_PORT",
                Integer.toString(management),
                "RESOUND_DRAIN_PERIOD",
                "100ms",
                "JDK_JAVA_OPTIONS",
                "-Xmx48m")); // A queue of 1.5 MB.
        try {
            var metrics = URI.create("http://127.0.0.1:" + management + "/metrics");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (statusOrNone(metrics) != 200) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
            byte[] handshake = ("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://"
                            + "a".repeat(1000) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 5000; i++) { // 10,000 lines of about 300 bytes.
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setSoTimeout(30_000);
                    socket.getOutputStream().write(handshake);
                    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                            .isEqualTo("HTTP/1.1 101");
                }
            }
            String page = HTTP.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(page).containsPattern("(?m)^resound_log_lines_dropped_total [1-9]");
            unread.destroy();
            assertThat(unread.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(unread.exitValue()).isZero();
        } finally {
            unread.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx7m", "-XX:MaxMetaspaceSize=16m", "-XX:MaxDirectMemorySize=100k"})
    void a_lack_of_memory_ends_it_with_exit_code_3(String option) throws Exception {
        try (var resound = ResoundProcess.by(
                        ResoundProcess.commandWithoutArchive(option),
                        Map.of("RESOUND_WEBSOCKET_MAX_CONNECTIONS", "10000"));
                var clients = new Clients()) {
            await("it listens or has ended")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> !resound.isAlive() || resound.output().contains("metrics at "));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
            while (resound.isAlive() && System.nanoTime() < deadline) {
                clients.connect(resound);
            }
            assertThat(resound.exitCode()).isEqualTo(3);
            assertThat(resound.output()).contains("resound: out of memory");
        }
    }

    /** More and more connections that stay open. */
    private static final class Clients implements AutoCloseable {

        private final List<Socket> open = new ArrayList<>();

        void connect(ResoundProcess resound) {
            try {
                var socket = new Socket(InetAddress.getLoopbackAddress(), resound.port());
                open.add(socket);
                socket.setSoTimeout(200);
                socket.getOutputStream()
                        .write(
                                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readNBytes(12);
            } catch (IOException e) {
                // It is about to end.
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "nio"})
    void clients_that_connect_until_the_very_end_leave_no_trace_in_the_log(String transport) throws Exception {
        try (var resound =
                ResoundProcess.ready(Map.of("RESOUND_TRANSPORT", transport, "RESOUND_DRAIN_PERIOD", "200ms"))) {
            int[] ports = {resound.port(), resound.managementPort(), resound.port(), resound.managementPort()};
            var clients = new ArrayList<Thread>();
            for (int port : ports) {
                clients.add(Thread.ofPlatform().start(() -> {
                    while (resound.isAlive()) {
                        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                            pause(Duration.ofMillis(1));
                            socket.getOutputStream().flush();
                        } catch (IOException refused) {
                            pause(Duration.ofMillis(1)); // Leaves the processor to the service.
                        }
                    }
                }));
            }
            pause(Duration.ofMillis(300)); // Of connecting.
            resound.signal("TERM");
            assertThat(resound.exitCode()).isZero();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(resound.output().lines())
                    .filteredOn(line -> !line.contains(" INFO ") && !line.contains("has been blocked"))
                    .isEmpty();
        }
    }
}
