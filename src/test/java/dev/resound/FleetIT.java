package dev.resound;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.resound.described.FeedSchema;
import dev.resound.test.FeedClient;
import dev.resound.test.MetricsPage;
import dev.resound.test.NetworkNamespace;
import dev.resound.test.RedisProcess;
import dev.resound.test.ResoundProcess;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fleet view with a real Redis: the sum stays exact, and no instance depends on Redis. Each test has a fleet of its own. */
@Timeout(180)
class FleetIT {

    private static final FeedSchema SCHEMA = FeedSchema.strictOfFleet();
    private static final FeedSchema ROW = SCHEMA.only("fleetRow");
    private static final Path FAKETIME = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

    private static RedisProcess redis;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        RedisProcess.assumeInstalled();
        redis = RedisProcess.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (redis != null) {
            redis.close();
        }
    }

    /** What a dashboard sees; everything that arrives must be as the schema describes it. */
    private static final class Dashboard implements AutoCloseable {

        private static final int MOST_VALIDATED = 5;

        private final FeedClient feed;
        private JsonArray columns = new JsonArray();
        private final double clock;
        private int histories;

        Dashboard(int port) {
            feed = FeedClient.openFleet(port);
            JsonObject hello = next();
            assertThat(hello.getString("type")).isEqualTo("hello");
            columns = hello.getJsonArray("columns");
            clock = hello.getDouble("time");
        }

        private JsonObject next() {
            JsonObject message = feed.next();
            if (message.getString("type").equals("sample")) {
                // Some of thousands of rows: the validator takes long.
                List<Object> some = message.getJsonArray("rows").stream()
                        .limit(MOST_VALIDATED)
                        .toList();
                JsonObject part = message.copy().put("rows", new JsonArray(some));
                SCHEMA.assertValid(part);
                rows(part).forEach(ROW::assertValid);
            } else {
                SCHEMA.assertValid(message);
                histories += message.getString("type").equals("history") ? 1 : 0;
            }
            return message;
        }

        /** Reads up to a sample for which this holds. */
        JsonObject until(Predicate<JsonObject> condition) {
            JsonObject message = next();
            while (!message.getString("type").equals("sample") || !condition.test(message)) {
                message = next();
            }
            return message;
        }

        List<JsonObject> rows(JsonObject sample) {
            return sample.getJsonArray("rows").stream()
                    .map(JsonArray.class::cast)
                    .map(values -> {
                        assertThat(values).hasSameSizeAs(columns);
                        var row = new JsonObject();
                        IntStream.range(0, columns.size())
                                .forEach(i -> row.put(columns.getString(i), values.getValue(i)));
                        return row;
                    })
                    .toList();
        }

        List<String> states(JsonObject sample) {
            return rows(sample).stream()
                    .map(row -> row.getString("name") + " " + row.getString("state"))
                    .toList();
        }

        @Override
        public void close() {
            feed.close();
        }
    }

    private static long received(JsonObject sample) {
        return sample.getJsonObject("messages").getJsonObject("received").getLong("text");
    }

    private static long number(JsonObject sample, String state) {
        return sample.getJsonObject("instances").getLong(state);
    }

    private static boolean connected(JsonObject sample) {
        return sample.getJsonObject("redis").getBoolean("connected");
    }

    private static Map<String, String> environment(String fleet, String instance) {
        return Map.of(
                "RESOUND_FLEET_REDIS",
                redis.url(),
                "RESOUND_FLEET_PREFIX",
                fleet,
                "RESOUND_INSTANCE",
                instance,
                "RESOUND_TELEMETRY_INTERVAL",
                "200ms",
                "RESOUND_DRAIN_DELAY",
                "2s",
                "RESOUND_DRAIN_PERIOD",
                "1s");
    }

    private static RunningResound inThisProcess(String url, String fleet, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "fleet.redis", url, "fleet.prefix", fleet, "instance", "reader", "telemetry.interval", "200ms"));
        settings.addAll(List.of(more));
        return RunningResound.start(settings.toArray(String[]::new));
    }

    private static void echo(WireClient client, int messages) {
        for (int i = 0; i < messages; i++) {
            client.send(WireFrame.text("hello")).expect(WireFrame.text("hello"));
        }
    }

    private static void echo(int port, int messages) {
        try (var client = WireClient.open(port)) {
            echo(client, messages);
            client.send(WireFrame.close(1000)).expect(WireFrame.close(1000)).expectEnd();
        }
    }

    @Test
    void the_sum_is_that_of_metrics_and_clients_through_a_kill_a_drain_a_restart_and_a_wrong_clock() {
        assumeTrue(Files.exists(FAKETIME) || "true".equals(System.getenv("CI")), "needs Debian's package libfaketime");
        Map<String, String> wrongClock = new HashMap<>(environment("sums", "skewed"));
        wrongClock.put("LD_PRELOAD", FAKETIME.toString());
        wrongClock.put("FAKETIME", "-7m");
        wrongClock.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        wrongClock.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        try (var reader = inThisProcess(redis.url(), "sums");
                var other = inThisProcess(redis.url(), "another-fleet", "instance", "stranger");
                var killed = ResoundProcess.launch(environment("sums", "killed"));
                var drained = ResoundProcess.launch(environment("sums", "drained"));
                var skewed = ResoundProcess.by(ResoundProcess.command(), wrongClock);
                var dashboard = new Dashboard(reader.port())) {
            List.of(killed, drained, skewed)
                    .forEach(each -> each.await(() -> each.output().contains("metrics at ")));
            echo(reader.port(), 3);
            echo(other.port(), 1000);
            echo(killed.port(), 7);
            echo(drained.port(), 11);
            echo(skewed.port(), 13);
            JsonObject sample = dashboard.until(each -> received(each) == 34 && number(each, "live") == 4);
            assertThat(dashboard.states(sample))
                    .as("in the order of the names, without the other fleet")
                    .containsExactly("drained live", "killed live", "reader live", "skewed live");
            assertThat(MetricsPage.of(reader).sum("websocket_messages_received_total")
                            + List.of(killed, drained, skewed).stream()
                                    .map(MetricsPage::of)
                                    .mapToDouble(page -> page.sum("websocket_messages_received_total"))
                                    .sum())
                    .isEqualTo(34);
            assertThat(sample.getJsonObject("handshakes").getLong("accepted")).isEqualTo(4 + 1);
            assertThat(sample.getJsonObject("duration").getLong("count")).isEqualTo(4);

            killed.signal("KILL");
            sample = dashboard.until(each -> number(each, "stale") == 1);
            assertThat(dashboard.states(sample)).contains("killed stale");
            assertThat(received(sample)).isEqualTo(34);

            try (var client = WireClient.open(drained.port())) {
                echo(client, 2);
                drained.signal("TERM");
                dashboard.until(each -> number(each, "draining") == 1);
                echo(client, 1);
                assertThat(client.read().closeCode()).isEqualTo(1001);
                client.send(WireFrame.close(1001)).expectEnd();
            }
            assertThat(drained.exitCode()).isZero();
            sample = dashboard.until(each -> number(each, "gone") == 1);
            assertThat(received(sample)).as("with what was counted last").isEqualTo(37);
            assertThat(dashboard.rows(sample).getFirst().getBoolean("ended")).isTrue();

            try (var again = ResoundProcess.ready(environment("sums", "killed"))) {
                echo(again.port(), 5);
                sample = dashboard.until(each -> received(each) == 42);
                assertThat(dashboard.states(sample))
                        .containsExactly("drained gone", "killed live", "killed stale", "reader live", "skewed live");
            }
            try (var late = new Dashboard(skewed.port())) {
                assertThat(late.clock).as("its clock is wrong").isLessThan(System.currentTimeMillis() / 1000.0 - 400);
                sample = late.until(each -> number(each, "stale") == 1 || number(each, "stale") == 2);
                assertThat(received(sample))
                        .as("another instance says the same")
                        .isEqualTo(42);
            }
        }
    }

    @Test
    void an_outage_of_redis_costs_the_view_and_nothing_else() throws Exception {
        try (var mortal = RedisProcess.start();
                var resound = inThisProcess(mortal.url(), "outage");
                var dashboard = new Dashboard(resound.port())) {
            echo(resound.port(), 3);
            dashboard.until(each -> received(each) == 3 && connected(each));
            assertThat(connectedMetric(resound)).isEqualTo(1);

            mortal.freeze();
            JsonObject sample = dashboard.until(each -> number(each, "stale") == 1 && !connected(each));
            assertThat(received(sample)).as("the last known sum").isEqualTo(3);
            assertThat(status(resound, "/readyz")).isEqualTo(200);
            echo(resound.port(), 2);
            await("the metric").until(() -> connectedMetric(resound) == 0);
            mortal.thaw();
            dashboard.until(each -> received(each) == 5 && number(each, "live") == 1);
            assertThat(MetricsPage.of(resound).value("resound_fleet_writes_lost_total"))
                    .isPositive();

            mortal.stop();
            echo(resound.port(), 2);
            dashboard.until(each -> !connected(each));
            mortal.startAgain();
            dashboard.until(each -> received(each) == 7 && number(each, "live") == 1);
            await("the metric").until(() -> connectedMetric(resound) == 1);
            assertThat(dashboard.histories).isGreaterThan(1);

            mortal.cli("CONFIG", "SET", "maxmemory", "1");
            await("a full Redis is noticed").until(() -> connectedMetric(resound) == 0);
            mortal.cli("CONFIG", "SET", "maxmemory", "0");
            await("it has room again").until(() -> connectedMetric(resound) == 1);
        }
    }

    private static double connectedMetric(RunningResound resound) {
        return MetricsPage.of(resound).value("resound_fleet_connected");
    }

    private static int status(RunningResound resound, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(resound.management(path)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void an_instance_that_the_network_cuts_off_is_stale_and_then_counts_in_full() throws Exception {
        try (var network = NetworkNamespace.create();
                var reachable = RedisProcess.start("--bind", network.address(), "127.0.0.1", "--protected-mode", "no");
                var reader = inThisProcess(reachable.url(), "cut");
                var dashboard = new Dashboard(reader.port())) {
            Map<String, String> environment = new HashMap<>(environment("cut", "inside"));
            environment.put("RESOUND_FLEET_REDIS", "redis://" + network.address() + ":" + reachable.port());
            try (var inside = ResoundProcess.by(network.command(ResoundProcess.command()), environment)) {
                inside.await(() -> inside.output().contains("connected to Redis"));
                try (var client =
                        WireClient.tcpTo(network.insideAddress(), inside.port()).handshake()) {
                    echo(client, 4);
                    dashboard.until(each -> received(each) == 4 && number(each, "live") == 2);
                    network.blackhole();
                    JsonObject sample = dashboard.until(each -> number(each, "stale") == 1);
                    assertThat(dashboard.states(sample)).containsExactly("inside stale", "reader live");
                    assertThat(received(sample)).isEqualTo(4);
                    inside.await(() -> inside.output().contains("cannot write to Redis"));
                    network.heal();
                    echo(client, 2);
                }
                dashboard.until(each -> received(each) == 6 && number(each, "live") == 2);
                assertThat(inside.output().lines().filter(line -> line.contains("fleet view")))
                        .hasSize(3);
            }
        }
    }

    @Test
    void hostile_entries_change_no_sum_and_stop_nobody() throws Exception {
        redis.cli("XADD", "{hostile}:history", "1-1", "1", "x".repeat(100));
        try (var resound = inThisProcess(redis.url(), "hostile");
                var dashboard = new Dashboard(resound.port())) {
            echo(resound.port(), 3);
            dashboard.until(each -> received(each) == 3);
            redis.cli("XADD", "{hostile}:live", "*", "1", "<script>alert(1)</script>");
            redis.cli("XADD", "{hostile}:live", "*", "1", "x".repeat(100_000));
            redis.cli("XADD", "{hostile}:live", "*", "2", "of a later version");
            redis.cli("XADD", "{hostile}:live", "*", "1", "", "1", "\u0001a", "name", "value");
            redis.cli("XADD", "{hostile}:history", "*", "nothing", "of the kind");
            JsonObject sample = dashboard.until(each -> each.getLong("entriesRejected") == 4);
            assertThat(received(sample)).isEqualTo(3);
            assertThat(dashboard.rows(sample)).hasSize(1);

            // As many instances as there can be entries.
            redis.cli("EVAL", """
                    for i = 1, 4000 do
                      redis.call('XADD', KEYS[1], '*', '1',
                        '\\1x\\0051.0.0' .. struct.pack('>l', i) .. '\\0\\2\\232\\7')
                    end""", "1", "{hostile}:live");
            sample = dashboard.until(each -> each.getJsonObject("instances").getBoolean("limitReached"));
            assertThat(received(sample)).isEqualTo(3);
            echo(resound.port(), 2);
            dashboard.until(each -> received(each) == 5);

            redis.cli("DEL", "{hostile}:live");
            redis.cli("SET", "{hostile}:live", "not a stream");
            await("it cannot write").until(() -> connectedMetric(resound) == 0);
            redis.cli("DEL", "{hostile}:live");
            echo(resound.port(), 2);
            dashboard.until(each -> received(each) == 7);
        }
    }

    @Test
    void a_user_with_a_few_permissions_is_enough_and_its_password_is_not_logged() throws Exception {
        TestCertificate certificate = TestCertificate.rsa(directory, "localhost");
        Path password = Files.writeString(directory.resolve("password"), "hunter2\n");
        try (var secure = RedisProcess.startWithTls(
                        certificate,
                        "--user",
                        "resound",
                        "on",
                        ">hunter2",
                        "~{acl}:*",
                        "+xadd",
                        "+xrange",
                        "+xrevrange",
                        "+eval",
                        "+time",
                        "--user",
                        "default",
                        "off");
                var resound = inThisProcess(
                        "rediss://localhost:" + secure.port(),
                        "acl",
                        "fleet.trust",
                        certificate.certificateFile().toString(),
                        "fleet.user",
                        "resound",
                        "fleet.password-file",
                        password.toString());
                var dashboard = new Dashboard(resound.port())) {
            echo(resound.port(), 3);
            dashboard.until(each -> received(each) == 3);
            Files.writeString(password, "wrong");
            try (var refused = ResoundProcess.ready(Map.of(
                    "RESOUND_FLEET_REDIS",
                    "rediss://localhost:" + secure.port(),
                    "RESOUND_FLEET_TRUST",
                    certificate.certificateFile().toString(),
                    "RESOUND_FLEET_USER",
                    "resound",
                    "RESOUND_FLEET_PASSWORD",
                    "hunter3"))) {
                refused.await(() -> refused.output().contains("cannot write to Redis"));
                assertThat(refused.output()).contains("WRONGPASS").doesNotContain("hunter3");
            }
        }
    }

    @Test
    void a_cluster_and_a_master_behind_sentinels_do_too() throws Exception {
        try (var cluster = RedisProcess.start("--cluster-enabled", "yes");
                var sentinel = RedisProcess.startSentinel(redis)) {
            cluster.cli("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
            try (var inCluster = inThisProcess(cluster.url(), "cluster", "fleet.type", "cluster");
                    var behindSentinel = inThisProcess(sentinel.url(), "sentinel", "fleet.type", "sentinel")) {
                for (RunningResound each : List.of(inCluster, behindSentinel)) {
                    try (var dashboard = new Dashboard(each.port())) {
                        echo(each.port(), 3);
                        dashboard.until(sample -> received(sample) == 3 && number(sample, "live") == 1);
                    }
                }
            }
        }
    }

    @Test
    void there_is_a_reader_only_while_there_are_dashboards_and_one_for_all_of_them() throws Exception {
        try (var alone = RedisProcess.start();
                var resound = inThisProcess(alone.url(), "readers")) {
            await("the writer").until(() -> clients(alone) == 1);
            try (var first = new Dashboard(resound.port());
                    var second = new Dashboard(resound.port())) {
                first.until(each -> number(each, "live") == 1);
                second.until(each -> number(each, "live") == 1);
                assertThat(clients(alone)).isEqualTo(2);
            }
            await("the reader ends").until(() -> clients(alone) == 1);
        }
    }

    /** Without the one that asks. */
    private static long clients(RedisProcess redis) {
        return redis.cli("CLIENT", "LIST").lines().count() - 1;
    }

    @Test
    void without_the_setting_no_class_of_it_is_loaded_and_the_feed_is_not_offered() throws Exception {
        Path classes = directory.resolve("classes");
        try (var resound = ResoundProcess.ready(List.of("-Xlog:class+load:file=" + classes), Map.of())) {
            try (var client = WireClient.tcp(resound.port())) {
                client.send(WireClient.request("Sec-WebSocket-Protocol: resound.fleet.v1"))
                        .expectUpgrade();
                assertThat(client.head()).doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
                echo(client, 1);
            }
            MetricsPage metrics =
                    MetricsPage.await(resound, page -> !page.series().isEmpty());
            assertThat(metrics.text()).doesNotContain("resound_fleet");
            assertThat(Files.readAllLines(classes))
                    .filteredOn(line -> line.contains("io.vertx.redis") || line.contains("dev.resound.fleet"))
                    .allMatch(line -> line.contains("FleetSettings"));
        }
    }

    @Test
    void the_service_starts_and_drains_without_redis() throws Exception {
        try (var resound = inThisProcess("redis://127.0.0.1:1", "nobody");
                var dashboard = new Dashboard(resound.port())) {
            echo(resound.port(), 1);
            assertThat(status(resound, "/readyz")).isEqualTo(200);
            JsonObject sample = dashboard.until(each -> !connected(each));
            assertThat(dashboard.rows(sample)).isEmpty();
            assertThat(sample.getJsonObject("redis").getValue("age")).isNull();
            resound.change("fleet.feed.enabled", "false");
            try (var client = WireClient.tcp(resound.port())) {
                client.send(WireClient.request("Sec-WebSocket-Protocol: resound.fleet.v1"))
                        .expectUpgrade();
                assertThat(client.head()).doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
            }
            resound.change("fleet.feed.enabled", "true", "fleet.feed.allowed-origins", "https://ops.example.com");
            try (var client = WireClient.tcp(resound.port())) {
                client.send(WireClient.request(
                                "Sec-WebSocket-Protocol: resound.fleet.v1", "Origin: https://other.example.com"))
                        .expectStatus(403);
            }
        }
    }
}
