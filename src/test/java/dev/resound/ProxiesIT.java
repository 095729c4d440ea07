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

import dev.resound.test.ClientLoad;
import dev.resound.test.FreePort;
import dev.resound.test.MetricsPage;
import dev.resound.test.Proxy;
import dev.resound.test.ReadmeSnippet;
import dev.resound.test.RollingPair;
import dev.resound.test.RollingPair.Ports;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
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

    private static final String DRAINED = "1001 server draining";
    /** Clients of each proxy during the rolling restart. */
    private static final int LONG_LIVED = 4;

    private static final int SHORT_LIVED = 2;

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
    record RunningProxy(Front front, int port, Proxy process) implements AutoCloseable {

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
            process.close();
        }
    }

    /** A proxy and clients that connect to it all the time. */
    record ProxyUnderLoad(RunningProxy proxy, ClientLoad load) implements AutoCloseable {

        void awaitMoreHandshakes() {
            int before = accepted();
            await("more accepted handshakes").until(() -> accepted() > before + 10);
        }

        private int accepted() {
            return load.handshakes().getOrDefault("101", 0);
        }

        int ends(String how) {
            return load.ends().getOrDefault(how, 0);
        }

        @Override
        public void close() throws InterruptedException {
            load.close();
            proxy.close();
        }

        @Override
        public String toString() {
            return proxy.front() + ": handshakes " + load.handshakes() + ", ends " + load.ends() + "\n"
                    + proxy.process().output();
        }
    }

    private static TestCertificate certificate;

    @TempDir
    private Path directory;

    @BeforeAll
    static void createCertificate(@TempDir Path directory) {
        certificate = TestCertificate.ec(directory, "proxy");
    }

    private RunningProxy start(Front front, RunningResound resound) throws Exception {
        return start(front, resound, snippet -> snippet);
    }

    /** Both servers of the block are the same instance. */
    private RunningProxy start(Front front, RunningResound resound, UnaryOperator<ReadmeSnippet> change)
            throws Exception {
        var ports = new Ports(resound.port(), resound.managementPort());
        return start(front, ports, ports, change);
    }

    private RunningProxy start(Front front, Ports first, Ports second, UnaryOperator<ReadmeSnippet> change)
            throws Exception {
        int port = FreePort.next();
        Path own = Files.createDirectory(directory.resolve("proxy-" + port));
        ReadmeSnippet changed = change.apply(front.snippet())
                .with(server(front, first), "resound-1:8080")
                .with(server(front, second), "resound-2:8080");
        Proxy process = front.isNginx()
                ? Proxy.nginx(own, port, nginx(front, changed, port).text())
                : Proxy.haproxy(own, port, haproxy(front, changed, port, own).text());
        return new RunningProxy(front, port, process);
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
                RunningProxy proxy = start(front, resound);
                WireClient client = proxy.open()) {
            client.send(text("hi")).expect(text("hi"));
            byte[] large = new byte[100_000];
            new Random(1).nextBytes(large);
            client.send(binary(large));
            assertThat(client.readMessage(BINARY)).isEqualTo(large);
            client.send(close(4321, "bye")).expect(close(4321, "bye"));
            MetricsPage.await(resound, page -> closed(page, "client") == 1);
        }
    }

    @Test
    void haproxy_carries_the_websockets_of_http1_clients_over_http2() throws Exception {
        String http2 = "default-server proto h2 ws h2 check-proto h1";
        assertThat(Files.readString(Path.of(DOCUMENT))).contains(http2);
        try (var resound = RunningResound.start();
                RunningProxy proxy = start(Front.HAPROXY, resound, snippet -> snippet.with(http2, "default-server"));
                WireClient first = proxy.open();
                WireClient second = proxy.open()) {
            assertThat(MetricsPage.await(
                                    resound,
                                    page -> page.value("websocket_connections{protocol=\"echo\",http=\"2\"}") == 2)
                            .value("websocket_connections{protocol=\"echo\",http=\"1.1\"}"))
                    .isZero();
            byte[] large = new byte[300_000];
            new Random(1).nextBytes(large);
            first.send(binary(large));
            assertThat(first.readMessage(BINARY)).isEqualTo(large);
            second.send(close(4321, "bye")).expect(close(4321, "bye"));
            first.send(text("still here")).expect(text("still here"));
            first.cut();
            MetricsPage.await(resound, page -> closed(page, "client") == 1 && closed(page, "network") == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void with_x_below_the_idle_timeout_of_the_proxy_an_idle_connection_stays_open(Front front) throws Exception {
        try (var resound = RunningResound.start("websocket.keep-alive-interval", "700ms");
                RunningProxy proxy = start(front, resound, ProxiesIT::withShortIdleTimeout);
                WireClient client = proxy.open()) {
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
                RunningProxy proxy = start(front, resound, ProxiesIT::withShortIdleTimeout);
                WireClient client = proxy.open()) {
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
    void explain_shows_that_the_proxy_dropped_the_upgrade_headers() throws Exception {
        try (var resound = RunningResound.start();
                RunningProxy proxy = start(
                        Front.NGINX,
                        resound,
                        snippet -> snippet.without("proxy_http_version")
                                .without("proxy_set_header Upgrade")
                                .without("proxy_set_header Connection"))) {
            proxy.connect().send(WireClient.request()).expectStatus(400).close();
            JsonObject explained = explain(proxy);
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
    void explain_shows_a_101_where_the_proxy_forwards_the_handshake() throws Exception {
        try (var resound = RunningResound.start();
                RunningProxy proxy = start(Front.NGINX_TLS, resound)) {
            assertThat(explain(proxy).getJsonObject("verdict").getInteger("status"))
                    .isEqualTo(101);
        }
    }

    @ParameterizedTest
    @EnumSource
    void behind_a_trusted_proxy_the_limit_per_address_applies_to_each_client(Front front) throws Exception {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "websocket.trusted-proxies", "127.0.0.1");
                RunningProxy proxy = start(front, resound)) {
            assertLimitAppliesToEachClient(proxy);
        }
    }

    @Test
    void with_the_proxy_protocol_it_does_so_too() throws Exception {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "http.proxy-protocol", "true");
                RunningProxy proxy = start(
                        Front.HAPROXY,
                        resound,
                        snippet -> snippet.without("option forwardfor")
                                .with("default-server send-proxy-v2", "default-server"))) {
            assertLimitAppliesToEachClient(proxy);
        }
    }

    private static void assertLimitAppliesToEachClient(RunningProxy proxy) {
        String request = WireClient.request();
        try (WireClient first = proxy.connect("127.0.0.2").send(request).expectUpgrade();
                WireClient again = proxy.connect("127.0.0.2").send(request);
                WireClient other = proxy.connect("127.0.0.3").send(request)) {
            again.expectStatus(503);
            other.expectUpgrade().send(text("hi")).expect(text("hi"));
        }
    }

    @Test
    void same_origin_works_only_where_the_proxy_passes_the_host_on() throws Exception {
        String own = WireClient.request("Origin: http://localhost");
        String foreign = WireClient.request("Origin: http://evil.example");
        try (var resound = RunningResound.start("websocket.allowed-origins", "same-origin");
                RunningProxy documented = start(Front.NGINX, resound);
                RunningProxy withoutHost =
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
                RunningProxy proxy = start(front, resound);
                WireClient first = proxy.open();
                WireClient second = proxy.connect().send(WireClient.request())) {
            second.expectStatus(503);
            assertThat(second.head().toLowerCase(Locale.ROOT)).contains("retry-after: ", "application/problem+json");
            assertThat(new JsonObject(second.readBody()).getString("rule")).isEqualTo("capacity");
        }
    }

    /** Beside the documented blocks run some that lack a setting; they show that it is needed. */
    @Test
    void a_rolling_restart_refuses_no_handshake_and_closes_each_connection_once_with_1001() throws Exception {
        try (var pair = RollingPair.start();
                ProxyUnderLoad nginx = underLoad(Front.NGINX, pair, block -> block);
                ProxyUnderLoad nginxTls = underLoad(Front.NGINX_TLS, pair, block -> block);
                ProxyUnderLoad haproxy = underLoad(Front.HAPROXY, pair, block -> block);
                ProxyUnderLoad haproxyTls = underLoad(Front.HAPROXY_TLS, pair, block -> block);
                ProxyUnderLoad without503 =
                        underLoad(Front.NGINX, pair, block -> block.with("error timeout;", "error timeout http_503;"));
                ProxyUnderLoad countingFailures = underLoad(
                        Front.NGINX, pair, block -> block.with("max_fails=1 fail_timeout=1m", "max_fails=0"));
                ProxyUnderLoad withoutRetries = underLoad(
                        Front.HAPROXY, pair, block -> withoutChecks(block).without("retry-on"));
                ProxyUnderLoad withoutRedispatch = underLoad(
                        Front.HAPROXY, pair, block -> withoutChecks(block).without("redispatch"))) {
            List<ProxyUnderLoad> documented = List.of(nginx, nginxTls, haproxy, haproxyTls);
            List<ProxyUnderLoad> incomplete = List.of(without503, countingFailures, withoutRetries, withoutRedispatch);
            List<ProxyUnderLoad> all =
                    Stream.concat(documented.stream(), incomplete.stream()).toList();
            documented.forEach(ProxyUnderLoad::awaitMoreHandshakes);
            pair.restartOneAfterTheOther();
            documented.forEach(ProxyUnderLoad::awaitMoreHandshakes);
            for (ProxyUnderLoad loaded : all) {
                loaded.load().close();
            }
            assertThat(documented).allSatisfy(loaded -> {
                assertThat(loaded.load().handshakes()).containsOnlyKeys("101");
                assertThat(loaded.load().ends()).containsOnlyKeys("1000", DRAINED);
                assertThat(loaded.ends(DRAINED)).isGreaterThanOrEqualTo(LONG_LIVED);
            });
            assertThat(without503.load().handshakes()).containsKey("503");
            assertThat(countingFailures.load().handshakes()).containsKey("502");
            assertThat(withoutRetries.load().handshakes()).containsKey("503");
            assertThat(withoutRedispatch.load().handshakes()).containsKey("503");
            Map<String, Integer> ends = Map.of(
                    "client",
                            all.stream().mapToInt(loaded -> loaded.ends("1000")).sum(),
                    "drain",
                            all.stream()
                                    .mapToInt(loaded -> loaded.ends(DRAINED))
                                    .sum());
            await("the service has logged each end that a client saw")
                    .untilAsserted(() -> assertThat(pair.ends()).isEqualTo(ends));
        }
    }

    /** Then haproxy cannot notice in time that a server drains, and depends on retries. */
    private static ReadmeSnippet withoutChecks(ReadmeSnippet block) {
        return block.without("httpchk").without("default-server").without("backup");
    }

    private ProxyUnderLoad underLoad(Front front, RollingPair pair, UnaryOperator<ReadmeSnippet> change)
            throws Exception {
        RunningProxy proxy = start(front, pair.first(), pair.second(), change);
        return new ProxyUnderLoad(proxy, new ClientLoad(proxy::connect, LONG_LIVED, SHORT_LIVED));
    }

    private static JsonObject explain(RunningProxy proxy) throws IOException {
        try (WireClient client = proxy.connect()) {
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
