package dev.resound;

import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.FaithfulClient;
import dev.resound.test.MetricsPage;
import dev.resound.test.NetworkNamespace;
import dev.resound.test.ResoundProcess;
import dev.resound.test.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that vanish as they do in the field: with no FIN and no RST, from a network of their own. */
@Timeout(120)
class NetworkFaultsIT {

    private static final String HTTP2 = "http2";

    private static final long X = 1000;
    /** Two clocks of one machine, each cut to a millisecond, and adjusted while the test runs. */
    private static final long CLOCKS = 20;

    private static final Map<String, String> SETTINGS = Map.of(
            "RESOUND_WEBSOCKET_KEEP_ALIVE_INTERVAL",
            "1s",
            "RESOUND_WEBSOCKET_MAX_CONNECTIONS",
            "1",
            "RESOUND_TELEMETRY_INTERVAL",
            "100ms");

    @TempDir
    private Path directory;

    private NetworkNamespace network;
    private ResoundProcess resound;
    private Path said;
    private Process client;

    @BeforeEach
    void start(TestInfo test) {
        network = NetworkNamespace.create();
        resound = ResoundProcess.ready(SETTINGS);
        said = directory.resolve("client.log");
        client = startClient(test.getTags().contains(HTTP2) ? "2" : "1.1");
    }

    private Process startClient(String http) {
        return network.java(
                FaithfulClient.class,
                ProcessBuilder.Redirect.to(said.toFile()),
                network.address(),
                Integer.toString(resound.port()),
                http);
    }

    @AfterEach
    void end() throws InterruptedException {
        if (client != null) {
            client.destroyForcibly().waitFor();
            resound.close();
        }
        network.close();
    }

    @Test
    void a_client_that_only_answers_pings_stays() {
        awaitPongs(8);
        assertStillThere();
    }

    @Test
    void a_client_in_a_black_hole_that_is_killed_is_idle_at_2x() {
        endsIdle(process -> {
            network.blackhole();
            process.destroyForcibly();
        });
        // What the kernel keeps of it is no connection any more: nothing has acknowledged the FIN.
        assertThat(NetworkNamespace.run("ss", "-Htan", "state", "fin-wait-1", "sport", "=", ":" + resound.port()))
                .isNotEmpty();
    }

    @Test
    @Tag(HTTP2)
    void a_client_over_http2_in_a_black_hole_that_is_killed_is_idle_at_2x() {
        assertThat(MetricsPage.of(resound).value("websocket_handshakes_total{http=\"1.1\"}"))
                .isZero();
        endsIdle(process -> {
            network.blackhole();
            process.destroyForcibly();
        });
    }

    @Test
    void a_client_whose_link_goes_down_is_idle_at_2x() {
        endsIdle(process -> network.linkDown());
    }

    /** Its kernel acknowledges all that comes; only the program is silent, as a tab that the browser has frozen. */
    @Test
    void a_frozen_client_is_idle_at_2x_and_finds_the_close_when_it_thaws() {
        endsIdle(process -> signal(process, "STOP"));
        signal(client, "CONT");
        resound.await(() -> said().contains("closed 1001"));
    }

    /**
     * X = 1 s is fair to a client on such a line because every third packet is lost, not three out of ten by chance: TCP sends
     * a lost one again after 0.2 s, 0.6 s, and 1.4 s from the first time, and by chance both a ping and its pong would be
     * lost that often within 2*X once in a dozen intervals.
     */
    @Test
    void a_client_on_a_line_that_loses_a_third_of_the_packets_stays_and_is_idle_at_2x_when_it_vanishes() {
        awaitPongs(1); // Before that, TCP has not measured the line, and takes 1 s for the first time.
        network.loseEveryThird();
        awaitPongs(8);
        assertStillThere();
        endsIdle(process -> {
            network.blackhole();
            process.destroyForcibly();
        });
    }

    private void assertStillThere() {
        assertThat(resound.output()).doesNotContain("connection closed");
        assertThat(MetricsPage.of(resound).value("websocket_connections{protocol=\"echo\"}"))
                .isEqualTo(1);
    }

    /** Until the server has had some more pongs. */
    private void awaitPongs(int more) {
        resound.await(() -> said().contains("open"));
        double before = pongs(MetricsPage.of(resound));
        MetricsPage.await(resound, page -> pongs(page) >= before + more);
    }

    private static double pongs(MetricsPage page) {
        return page.value("websocket_pongs_received_total");
    }

    /** Right after a pong, so that what happens to the client does not meet one on its way. */
    private void endsIdle(Consumer<Process> fault) {
        awaitPongs(1);
        long lastSign = said().lines()
                .filter(line -> line.startsWith("pong "))
                .mapToLong(line -> Long.parseLong(line.substring(5)))
                .max()
                .orElseThrow();
        fault.accept(client);
        resound.await(() -> resound.output().contains("connection closed"));
        String line = resound.output()
                .lines()
                .filter(any -> any.contains("connection closed"))
                .findFirst()
                .orElseThrow();
        assertThat(line).contains(" cause=idle ").contains(" code=1001 ");
        assertThat(Instant.parse(line.substring(0, line.indexOf(' '))).toEpochMilli() - lastSign)
                .as("milliseconds from the last sign of life to the end, with X = %d", X)
                .isBetween(2 * X - CLOCKS, 3 * X - 1);
        var page = MetricsPage.await(resound, now -> now.sum("websocket_connections") == 0);
        assertThat(page.value("websocket_connections_closed_total{cause=\"idle\"}"))
                .isEqualTo(1);
        // There is one place, and it is free again.
        WireClient.open(resound.port()).send(text("next")).expect(text("next")).close();
    }

    private String said() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(Process process, String name) {
        NetworkNamespace.run("kill", "-" + name, Long.toString(process.pid()));
    }
}
