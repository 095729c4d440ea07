package dev.resound;

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
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behind real proxies, with the very configuration that the README shows; only places and times are others. */
@Timeout(120)
class ProxiesIT {

    /** In the place of the 60 s after which proxies cut an idle connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String IDLE = PATIENCE.toSeconds() + "s";

    /** Which proxy, and whether clients talk TLS to it. */
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
            return ReadmeSnippet.in(isNginx() ? "nginx" : "haproxy");
        }

        boolean isNginx() {
            return this == NGINX || this == NGINX_TLS;
        }
    }

    @TempDir
    private Path directory;

    private TestCertificate certificate;
    private int port;

    @BeforeEach
    void prepare() {
        certificate = TestCertificate.ec(directory, "proxy");
        port = FreePort.next();
    }

    private Proxy start(Front front, RunningResound resound) throws Exception {
        return start(front, resound, snippet -> snippet);
    }

    private Proxy start(Front front, RunningResound resound, UnaryOperator<ReadmeSnippet> change) throws Exception {
        ReadmeSnippet snippet = change.apply(front.snippet()).with("127.0.0.1:" + resound.port(), "resound:8080");
        return front.isNginx()
                ? Proxy.nginx(directory, port, placed(front, snippet).text())
                : Proxy.haproxy(directory, port, placed(front, snippet).text());
    }

    private ReadmeSnippet placed(Front front, ReadmeSnippet snippet) throws IOException {
        if (front.isNginx()) {
            ReadmeSnippet patient = snippet.with(IDLE, "60s");
            return front.tls
                    ? patient.with("listen 127.0.0.1:" + port + " ssl;", "listen 443 ssl;")
                            .with(certificate.certificateFile().toString(), "/etc/nginx/tls.crt")
                            .with(certificate.keyFile().toString(), "/etc/nginx/tls.key")
                    : patient.with("listen 127.0.0.1:" + port + ";", "listen 443 ssl;")
                            .without("ssl_certificate");
        }
        Path pem =
                Files.writeString(directory.resolve("both.pem"), certificate.certificateText() + certificate.keyText());
        ReadmeSnippet patient = snippet.with(IDLE, "60s");
        return front.tls
                ? patient.with("127.0.0.1:" + port + " ssl crt " + pem, ":443 ssl crt /etc/haproxy/resound.pem")
                : patient.with("127.0.0.1:" + port, ":443 ssl crt /etc/haproxy/resound.pem");
    }

    private WireClient connect(Front front, String address) {
        WireClient tcp = WireClient.tcpFrom(address, port);
        return front.tls ? tcp.startTls(certificate.client()) : tcp;
    }

    private WireClient open(Front front) {
        return connect(front, "127.0.0.1").handshake();
    }

    @ParameterizedTest
    @EnumSource
    void messages_come_back_and_so_does_the_close(Front front) throws Exception {
        try (var resound = RunningResound.start();
                Proxy proxy = start(front, resound);
                WireClient client = open(front)) {
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
    void with_x_below_the_proxys_patience_an_idle_connection_stays(Front front) throws Exception {
        try (var resound = RunningResound.start("websocket.keep-alive-interval", "700ms");
                Proxy proxy = start(front, resound);
                WireClient client = open(front)) {
            long end = System.nanoTime() + PATIENCE.multipliedBy(3).toNanos();
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
    void with_x_above_it_the_proxy_cuts_and_the_client_sees_no_close(Front front) throws Exception {
        try (var resound = RunningResound.start("websocket.keep-alive-interval", "60s");
                Proxy proxy = start(front, resound);
                WireClient client = open(front)) {
            long start = System.nanoTime();
            assertThat(endWithoutAByte(client)).as("1006 in a browser").isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(PATIENCE.minusMillis(500));
            MetricsPage.await(resound, page -> closed(page, "network") == 1);
        }
    }

    private static boolean endWithoutAByte(WireClient client) {
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
                Proxy proxy = start(
                        Front.NGINX,
                        resound,
                        snippet -> snippet.without("proxy_http_version")
                                .without("proxy_set_header Upgrade")
                                .without("proxy_set_header Connection"))) {
            connect(Front.NGINX, "127.0.0.1")
                    .send(WireClient.request())
                    .expectStatus(400)
                    .close();
            JsonObject explained = explain(Front.NGINX);
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
                Proxy proxy = start(Front.NGINX_TLS, resound)) {
            assertThat(explain(Front.NGINX_TLS).getJsonObject("verdict").getInteger("status"))
                    .isEqualTo(101);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_limit_of_an_address_is_one_of_clients_where_the_proxy_is_trusted(Front front) throws Exception {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "websocket.trusted-proxies", "127.0.0.1");
                Proxy proxy = start(front, resound)) {
            assertAddressesAreToldApart(front);
        }
    }

    @Test
    void the_proxy_protocol_tells_clients_apart_too() throws Exception {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "http.proxy-protocol", "true");
                Proxy proxy = start(
                        Front.HAPROXY,
                        resound,
                        snippet -> snippet.without("option forwardfor")
                                .with("resound:8080 send-proxy-v2", "resound:8080"))) {
            assertAddressesAreToldApart(Front.HAPROXY);
        }
    }

    private void assertAddressesAreToldApart(Front front) {
        String request = WireClient.request();
        try (WireClient first = connect(front, "127.0.0.2").send(request).expectUpgrade();
                WireClient again = connect(front, "127.0.0.2").send(request);
                WireClient other = connect(front, "127.0.0.3").send(request)) {
            again.expectStatus(503);
            other.expectUpgrade().send(text("hi")).expect(text("hi"));
        }
    }

    @Test
    void same_origin_holds_where_the_proxy_passes_the_host_on_and_only_there() throws Exception {
        String own = WireClient.request("Origin: http://localhost");
        try (var resound = RunningResound.start("websocket.allowed-origins", "same-origin")) {
            try (Proxy proxy = start(Front.NGINX, resound)) {
                connect(Front.NGINX, "127.0.0.1").send(own).expectUpgrade().close();
                connect(Front.NGINX, "127.0.0.1")
                        .send(WireClient.request("Origin: http://evil.example"))
                        .expectStatus(403)
                        .close();
            }
            port = FreePort.next();
            try (Proxy proxy = start(Front.NGINX, resound, snippet -> snippet.without("proxy_set_header Host"))) {
                connect(Front.NGINX, "127.0.0.1").send(own).expectStatus(403).close();
            }
        }
    }

    private JsonObject explain(Front front) throws IOException {
        try (WireClient client = connect(front, "127.0.0.1")) {
            client.send(WireClient.request().replace("GET /ws ", "GET /ws?explain "))
                    .expectStatus(200);
            String head = client.head().toLowerCase(java.util.Locale.ROOT);
            int length = Integer.parseInt(head.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
            return new JsonObject(new String(client.in().readNBytes(length), StandardCharsets.UTF_8));
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
