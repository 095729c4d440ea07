package dev.resound;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.WireFrame.BINARY;
import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.PONG;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.FreePort;
import dev.resound.test.MetricsPage;
import dev.resound.test.Proxy;
import dev.resound.test.ReadmeSnippet;
import dev.resound.test.RollingPair;
import dev.resound.test.RollingPair.Ports;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import dev.resound.test.Visitors;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real proxies with the configuration that {@code src/docs/proxies.md} shows; only addresses and times differ. */
@Timeout(120)
class ProxiesIT {

    private static final String DOCUMENT = "src/docs/proxies.md";

    /** Replaces the 60 s after which the proxies cut an idle connection. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    /** Which proxy, and whether clients connect to it over TLS. */
    enum Front {
        NGINX(false),
        NGINX_TLS(true),
        HAPROXY(false),
        HAPROXY_TLS(true);

        private final boolean tls;

        Front(boolean tls) {
            this.tls = tls;
        }

        ReadmeSnippet snippet() {
            return ReadmeSnippet.in(DOCUMENT, isNginx() ? "nginx" : "haproxy");
        }

        boolean isNginx() {
            return this == NGINX || this == NGINX_TLS;
        }
    }

    /** A running proxy and the port on which it listens. */
    record Entrance(Front front, int port, Proxy proxy) implements AutoCloseable {

        WireClient connect(String address) {
            WireClient tcp = WireClient.tcpFrom(address, port);
            return front.tls ? tcp.startTls(certificate.client()) : tcp;
        }

        WireClient connect() {
            return connect("127.0.0.1");
        }

        WireClient open() {
            return connect().handshake();
        }

        @Override
        public void close() throws InterruptedException {
            proxy.close();
        }
    }

    /** A proxy with clients that come all the time. */
    record Visited(Entrance entrance, Visitors visitors) implements AutoCloseable {

        void awaitMoreHandshakes() {
            int before = accepted();
            await("more accepted handshakes").until(() -> accepted() > before + 10);
        }

        private int accepted() {
            return visitors.handshakes().getOrDefault("101", 0);
        }

        int ends(String how) {
            return visitors.ends().getOrDefault(how, 0);
        }

        @Override
        public void close() throws InterruptedException {
            visitors.close();
            entrance.close();
        }

        @Override
        public String toString() {
            return entrance.front() + ": handshakes " + visitors.handshakes() + ", ends " + visitors.ends();
        }
    }

    private static final String DRAINED = "1001 server draining";
    private static final int STAYING = 4;
    private static final int PASSING = 2;

    private static TestCertificate certificate;

    @TempDir
    private Path directory;

    @BeforeAll
    static void createCertificate(@TempDir Path directory) {
        certificate = TestCertificate.ec(directory, "proxy");
    }

    private Entrance start(Front front, RunningResound resound) throws Exception {
        return start(front, resound, snippet -> snippet);
    }

    /** Both servers of the block are the same instance. */
    private Entrance start(Front front, RunningResound resound, UnaryOperator<ReadmeSnippet> change) throws Exception {
        var ports = new Ports(resound.port(), resound.managementPort());
        return start(front, ports, ports, change);
    }

    private Entrance start(Front front, Ports first, Ports second, UnaryOperator<ReadmeSnippet> change)
            throws Exception {
        int port = FreePort.next();
        Path own = Files.createDirectory(directory.resolve("proxy-" + port));
        ReadmeSnippet changed = change.apply(front.snippet())
                .with(server(front, first), "resound-1:8080")
                .with(server(front, second), "resound-2:8080");
        Proxy proxy = front.isNginx()
                ? Proxy.nginx(own, port, nginx(front, changed, port).text())
                : Proxy.haproxy(own, port, haproxy(front, changed, port, own).text());
        return new Entrance(front, port, proxy);
    }

    /** Two backends on one host have two management ports, so haproxy must be told which one to check. */
    private static String server(Front front, Ports ports) {
        return "127.0.0.1:" + ports.publicPort() + (front.isNginx() ? "" : " port " + ports.managementPort());
    }

    private static ReadmeSnippet nginx(Front front, ReadmeSnippet block, int port) {
        String listen = "listen 443 ssl;";
        return front.tls
                ? block.with("listen 127.0.0.1:" + port + " ssl;", listen)
                        .with(certificate.certificateFile().toString(), "/etc/nginx/tls.crt")
                        .with(certificate.keyFile().toString(), "/etc/nginx/tls.key")
                : block.with("listen 127.0.0.1:" + port + ";", listen).without("ssl_certificate");
    }

    private static ReadmeSnippet haproxy(Front front, ReadmeSnippet block, int port, Path directory)
            throws IOException {
        String bind = "bind :443 ssl crt /etc/haproxy/resound.pem";
        Path pem =
                Files.writeString(directory.resolve("both.pem"), certificate.certificateText() + certificate.keyText());
        return block.with("bind 127.0.0.1:" + port + (front.tls ? " ssl crt " + pem : ""), bind);
    }

    private static ReadmeSnippet withShortIdleTimeout(ReadmeSnippet snippet) {
        return snippet.with(IDLE.toSeconds() + "s", "60s");
    }

    @ParameterizedTest
    @EnumSource
    void messages_come_back_and_so_does_the_close(Front front) throws Exception {
        try (var resound = RunningResound.start();
                Entrance entrance = start(front, resound);
                WireClient client = entrance.open()) {
            client.send(text("hi")).expect(text("hi"));
            byte[] large = new byte[100_000];
            new Random(1).nextBytes(large);
            client.send(binary(large));
            assertThat(client.readMessage(BINARY)).isEqualTo(large);
            client.send(close(4321, "bye")).expect(close(4321, "bye"));
            MetricsPage.await(resound, page -> closed(page, "client") == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void with_x_below_the_idle_timeout_of_the_proxy_an_idle_connection_stays_open(Front front) throws Exception {
        try (var resound = RunningResound.start("websocket.keep-alive-interval", "700ms");
                Entrance entrance = start(front, resound, ProxiesIT::withShortIdleTimeout);
                WireClient client = entrance.open()) {
            long end = System.nanoTime() + IDLE.multipliedBy(2).toNanos();
            while (System.nanoTime() < end) {
                WireFrame ping = client.read();
                assertThat(ping.opcode()).isEqualTo(PING);
                client.send(frame(PONG, ping.payload()));
            }
            client.send(text("still here"));
            WireFrame answer = client.read();
            assertThat(answer.opcode() == PING ? client.read() : answer).isEqualTo(text("still here"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void with_x_above_it_the_proxy_cuts_the_connection_without_a_close_frame(Front front) throws Exception {
        try (var resound = RunningResound.start("websocket.keep-alive-interval", "60s");
                Entrance entrance = start(front, resound, ProxiesIT::withShortIdleTimeout);
                WireClient client = entrance.open()) {
            long start = System.nanoTime();
            assertThat(endsWithoutAByte(client)).as("1006 in a browser").isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(IDLE.minusMillis(500));
            MetricsPage.await(resound, page -> closed(page, "network") == 1);
        }
    }

    private static boolean endsWithoutAByte(WireClient client) {
        try {
            return client.in().read() == -1;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException cut) { // Without a close_notify.
            return true;
        }
    }

    @Test
    void explain_tells_that_the_proxy_has_eaten_the_upgrade() throws Exception {
        try (var resound = RunningResound.start();
                Entrance entrance = start(
                        Front.NGINX,
                        resound,
                        snippet -> snippet.without("proxy_http_version")
                                .without("proxy_set_header Upgrade")
                                .without("proxy_set_header Connection"))) {
            entrance.connect().send(WireClient.request()).expectStatus(400).close();
            JsonObject explained = explain(entrance);
            assertThat(explained.getJsonObject("verdict").getInteger("status")).isEqualTo(400);
            assertThat(explained.getJsonObject("verdict").getString("outcome")).isEqualTo("not-websocket");
            assertThat(explained.getJsonObject("request").getString("version")).isEqualTo("HTTP/1.0");
            assertThat(rule(explained, "Upgrade").getBoolean("passed")).isFalse();
            assertThat(rule(explained, "Upgrade").getString("found")).isNull();
            assertThat(rule(explained, "Connection").getString("found")).isEqualTo("close");
            assertThat(rule(explained, "Sec-WebSocket-Key").getBoolean("passed"))
                    .isTrue();
        }
    }

    @Test
    void explain_tells_that_nothing_is_in_the_way() throws Exception {
        try (var resound = RunningResound.start();
                Entrance entrance = start(Front.NGINX_TLS, resound)) {
            assertThat(explain(entrance).getJsonObject("verdict").getInteger("status"))
                    .isEqualTo(101);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_limit_of_an_address_is_one_of_clients_where_the_proxy_is_trusted(Front front) throws Exception {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "websocket.trusted-proxies", "127.0.0.1");
                Entrance entrance = start(front, resound)) {
            assertAddressesAreToldApart(entrance);
        }
    }

    @Test
    void the_proxy_protocol_tells_clients_apart_too() throws Exception {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "http.proxy-protocol", "true");
                Entrance entrance = start(
                        Front.HAPROXY,
                        resound,
                        snippet -> snippet.without("option forwardfor")
                                .with("default-server send-proxy-v2", "default-server"))) {
            assertAddressesAreToldApart(entrance);
        }
    }

    private static void assertAddressesAreToldApart(Entrance entrance) {
        String request = WireClient.request();
        try (WireClient first = entrance.connect("127.0.0.2").send(request).expectUpgrade();
                WireClient again = entrance.connect("127.0.0.2").send(request);
                WireClient other = entrance.connect("127.0.0.3").send(request)) {
            again.expectStatus(503);
            other.expectUpgrade().send(text("hi")).expect(text("hi"));
        }
    }

    @Test
    void same_origin_works_only_where_the_proxy_passes_the_host_on() throws Exception {
        String own = WireClient.request("Origin: http://localhost");
        String foreign = WireClient.request("Origin: http://evil.example");
        try (var resound = RunningResound.start("websocket.allowed-origins", "same-origin");
                Entrance documented = start(Front.NGINX, resound);
                Entrance withoutHost =
                        start(Front.NGINX, resound, snippet -> snippet.without("proxy_set_header Host"))) {
            documented.connect().send(own).expectUpgrade().close();
            documented.connect().send(foreign).expectStatus(403).close();
            withoutHost.connect().send(own).expectStatus(403).close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void where_every_backend_refuses_the_client_gets_the_503_with_its_problem(Front front) throws Exception {
        try (var resound = RunningResound.start("websocket.max-connections", "1");
                Entrance entrance = start(front, resound);
                WireClient first = entrance.open();
                WireClient second = entrance.connect().send(WireClient.request())) {
            second.expectStatus(503);
            assertThat(second.head().toLowerCase(Locale.ROOT)).contains("retry-after: ", "application/problem+json");
            assertThat(new JsonObject(second.readBody()).getString("rule")).isEqualTo("capacity");
        }
    }

    /** Blocks that lack one of the settings run beside the documented ones: they show that the settings are needed. */
    @Test
    void a_rolling_restart_refuses_no_handshake_and_closes_each_connection_once_with_1001() throws Exception {
        try (var pair = RollingPair.start();
                Visited nginx = visited(Front.NGINX, pair, block -> block);
                Visited nginxTls = visited(Front.NGINX_TLS, pair, block -> block);
                Visited haproxy = visited(Front.HAPROXY, pair, block -> block);
                Visited haproxyTls = visited(Front.HAPROXY_TLS, pair, block -> block);
                Visited without503 =
                        visited(Front.NGINX, pair, block -> block.with("error timeout;", "error timeout http_503;"));
                Visited countingFailures =
                        visited(Front.NGINX, pair, block -> block.with("max_fails=1 fail_timeout=1m", "max_fails=0"));
                Visited withoutRetries = visited(Front.HAPROXY, pair, block -> block.without("retry-on"));
                Visited withoutRedispatch = visited(Front.HAPROXY, pair, block -> block.without("redispatch"))) {
            List<Visited> documented = List.of(nginx, nginxTls, haproxy, haproxyTls);
            List<Visited> incomplete = List.of(without503, countingFailures, withoutRetries, withoutRedispatch);
            List<Visited> all =
                    Stream.concat(documented.stream(), incomplete.stream()).toList();
            documented.forEach(Visited::awaitMoreHandshakes);
            pair.restartOneAfterTheOther();
            documented.forEach(Visited::awaitMoreHandshakes);
            for (Visited visited : all) {
                visited.visitors().close();
            }
            assertThat(documented).allSatisfy(visited -> {
                assertThat(visited.visitors().handshakes()).containsOnlyKeys("101");
                assertThat(visited.visitors().ends()).containsOnlyKeys("1000", DRAINED);
                assertThat(visited.ends(DRAINED)).isGreaterThanOrEqualTo(STAYING);
            });
            assertThat(without503.visitors().handshakes()).containsKey("503");
            assertThat(countingFailures.visitors().handshakes()).containsKey("502");
            assertThat(withoutRetries.visitors().handshakes()).containsKey("503");
            assertThat(withoutRedispatch.visitors().handshakes()).containsKey("503");
            Map<String, Integer> ends = Map.of(
                    "client",
                            all.stream()
                                    .mapToInt(visited -> visited.ends("1000"))
                                    .sum(),
                    "drain",
                            all.stream()
                                    .mapToInt(visited -> visited.ends(DRAINED))
                                    .sum());
            await("the service has logged each end that a client saw")
                    .untilAsserted(() -> assertThat(pair.ends()).isEqualTo(ends));
        }
    }

    private Visited visited(Front front, RollingPair pair, UnaryOperator<ReadmeSnippet> change) throws Exception {
        Entrance entrance = start(front, pair.first(), pair.second(), change);
        return new Visited(entrance, new Visitors(entrance::connect, STAYING, PASSING));
    }

    private static JsonObject explain(Entrance entrance) throws IOException {
        try (WireClient client = entrance.connect()) {
            return new JsonObject(client.send(WireClient.request().replace("GET /ws ", "GET /ws?explain "))
                    .expectStatus(200)
                    .readBody());
        }
    }

    private static JsonObject rule(JsonObject explained, String header) {
        JsonArray rules = explained.getJsonArray("rules");
        return rules.stream()
                .map(JsonObject.class::cast)
                .filter(rule -> header.equals(rule.getString("header")))
                .findFirst()
                .orElseThrow();
    }

    private static double closed(MetricsPage page, String cause) {
        return page.value("websocket_connections_closed_total{cause=\"" + cause + "\"}");
    }
}
