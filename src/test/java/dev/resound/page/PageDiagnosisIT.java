package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.resound.test.FreePort;
import dev.resound.test.Proxy;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client page finds out by itself why a connection failed or was cut, with real servers and a real proxy. */
class PageDiagnosisIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage("instance", "resound-under-test");

    @TempDir
    private Path directory;

    private static Locator reason() {
        return client.page().locator(".commslog-problem strong").last();
    }

    private static Locator explanation() {
        return client.page().locator(".commslog-problem").last();
    }

    // The server rejects the handshake.

    @Test
    void an_origin_that_is_not_allowed_is_named() {
        try (var strict = RunningResound.start("websocket.allowed-origins", "https://elsewhere.example")) {
            client.visit(strict, "");
            client.byId("connectButton").click();
            assertThat(reason()).hasText("403: this origin is not in allowed-origins");
            assertThat(explanation()).containsText("Add http://127.0.0.1:" + strict.port());
            assertThat(client.rows()).hasCount(2);
            assertThat(client.rows().first().locator("td").first()).hasText("Connection closed. Code: 1006. Reason:");
            assertThat(client.byId("stateLabel")).hasText("Closed");
            client.assertCanConnect();
            client.shot("origin-refused");
        }
    }

    @Test
    void a_draining_server_is_named() {
        try (var leaving = RunningResound.start("drain.delay", "1ms", "drain.period", "1m");
                WireClient open = leaving.open()) {
            client.visit(leaving, "");
            leaving.main().drain();
            client.byId("connectButton").click();
            assertThat(reason()).hasText("503: draining");
            assertThat(open.localPort()).isPositive();
        }
    }

    @Test
    void a_full_server_is_named() {
        try (var full = RunningResound.start("websocket.max-connections", "1");
                WireClient open = full.open()) {
            client.visit(full, "");
            client.byId("connectButton").click();
            assertThat(reason()).hasText(Pattern.compile("503: .*"));
            assertThat(open.localPort()).isPositive();
        }
    }

    @Test
    void a_path_without_a_websocket_is_named() {
        client.connectTo(client.webSocket() + "/other");
        assertThat(reason()).hasText("404: there is no WebSocket at /ws/other");
    }

    @Test
    void offered_subprotocols_that_the_server_does_not_know_are_named() {
        client.byId("protocolChoice").selectOption("other");
        client.byId("protocolOther").fill("chat.v1, chat.v2");
        client.byId("connectButton").click();
        assertThat(reason()).hasText("The server chose none of the offered subprotocols: chat.v1, chat.v2.");
    }

    @Test
    void faults_of_the_panel_reach_a_server_that_allows_them_and_are_named_by_one_that_does_not() {
        try (var faulty = RunningResound.start("faults.enabled", "true")) {
            for (RunningResound server : List.of(faulty, client.resound())) {
                client.visit(server, "?open=faults");
                client.page()
                        .locator(".fault", new Page.LocatorOptions().setHasText("Send a Close frame"))
                        .locator("[type=checkbox]")
                        .check();
                client.page().getByLabel("Send a Close frame: code").fill("4321");
                client.page().getByLabel("Send a Close frame: after").fill("100ms");
                client.byId("connectButton").click();
                if (server == faulty) {
                    assertThat(client.rows().nth(1)).containsText("Connection closed. Code: 4321.");
                } else {
                    assertThat(reason()).containsText("400: faults need faults.enabled: true");
                }
            }
        }
    }

    @Test
    void a_server_that_has_stopped_is_named() {
        try (var stopped = RunningResound.start()) {
            client.visit(stopped, "");
            stopped.close();
            client.byId("connectButton").click();
            assertThat(reason()).hasText("Nothing answers at 127.0.0.1:" + stopped.port() + " any more.");
        }
    }

    // A proxy is in the way.

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy_http_version 1.1;"})
    void a_proxy_that_drops_upgrade_is_named(String version) throws Exception {
        int port = FreePort.next();
        try (var nginx = nginx(port, "location / { %s %s }".formatted(pass(), version))) {
            visitProxy(port);
            client.byId("connectButton").click();
            assertThat(reason()).hasText("the response came without Upgrade: a proxy on the way dropped it");
            assertThat(explanation()).containsText("proxy_set_header Upgrade $http_upgrade;");
            assertThat(explanation()).containsText("\u201cConnection: close\u201d");
            assertThat(reason()).isInViewport();
            assertThat(nginx.output()).isNotNull();
            client.shot("proxy-drops-upgrade");
            Accessibility.assertNothingSerious(client.page());
        }
    }

    @Test
    void a_proxy_that_does_not_reach_the_server_is_named() throws Exception {
        int port = FreePort.next();
        String dead = "location /ws { proxy_pass http://127.0.0.1:%d; }".formatted(FreePort.next());
        try (var nginx = nginx(port, "location / { %s } %s".formatted(pass(), dead))) {
            visitProxy(port);
            client.byId("connectButton").click();
            assertThat(reason())
                    .hasText(Pattern.compile(
                            "502: a proxy \\(nginx.*\\) answered, because it does not reach the server"));
            assertThat(nginx.output()).isNotNull();
        }
    }

    @Test
    void a_proxy_that_cuts_an_open_connection_is_told_apart_from_the_server() throws Exception {
        int port = FreePort.next();
        String upgrade = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
                + " proxy_set_header Connection upgrade; proxy_read_timeout 1s;";
        try (var nginx = nginx(port, "location / { %s %s }".formatted(pass(), upgrade))) {
            visitProxy(port);
            client.connect();
            assertThat(reason())
                    .hasText("The server is up and accepts connections: something on the way cut this one.");
            assertThat(nginx.output()).isNotNull();
        }
    }

    private Proxy nginx(int port, String locations) throws Exception {
        return Proxy.nginx(directory, port, "server { listen 127.0.0.1:%d; %s }".formatted(port, locations));
    }

    private static String pass() {
        return "proxy_pass http://127.0.0.1:%d; proxy_set_header Host $http_host;"
                .formatted(client.resound().port());
    }

    private static void visitProxy(int port) {
        client.visit("http://127.0.0.1:" + port + "/");
    }

    // The browser, and other servers.

    @Test
    void after_a_return_from_the_back_forward_cache_the_browser_is_named_and_not_the_network() throws IOException {
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            try (Socket socket = peer.accept()) {
                assertThat(client.byId("stateLabel")).hasText("Open");
                client.page().evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
                assertThat(socket.isConnected()).isTrue();
            }
            assertThat(reason()).hasText("The browser closed the connection, not the network.");
            client.connectTo(peer.url());
            peer.accept().close();
            assertThat(reason()).hasText(Pattern.compile("127.0.0.1:\\d+, or something on the way, cut.*"));
        }
    }

    @Test
    void of_another_server_the_page_says_what_it_knows_and_what_it_cannot_know() throws IOException {
        String url;
        try (var peer = new BadPeer()) {
            url = peer.url();
        }
        client.connectTo(url);
        assertThat(reason())
                .containsText("No connection to " + url.replace("ws://", "").replace("/ws", "") + " after ");
        assertThat(explanation()).containsText("nothing listens there");
        assertThat(explanation()).containsText("cannot ask a server of another origin (CORS)");
        assertThat(client.rows()).hasCount(2);
    }

    // Conclusions.

    @Test
    void what_a_second_attempt_shows_decides() {
        assertConcluded("{\"succeeded\":true}", "A second attempt has just succeeded");
        assertConcluded("{\"seen\":{\"arrived\":false}}", "did not reach Resound");
        assertConcluded("{\"seen\":{\"arrived\":false},\"timedOut\":true}", "The handshake got no response");
        assertConcluded(
                "{\"seen\":{\"arrived\":true,\"verdict\":{\"status\":101}}}",
                "101: Resound accepted the handshake, but its response was lost on the way");
        assertConcluded(
                "{\"seen\":{\"arrived\":true,\"verdict\":{\"status\":400,\"rule\":\"upgrade\"}}}",
                "the response came without Upgrade: a proxy on the way dropped it");
        assertConcluded(
                "{\"seen\":{\"arrived\":true,\"verdict\":{\"status\":503,\"rule\":\"x\",\"detail\":\"full\"}}}",
                "503: full");
    }

    @Test
    void a_server_that_does_not_remember_attempts_leaves_a_conclusion() {
        assertConcluded("{}", "the response came without Upgrade: a proxy on the way dropped it");
        assertConcluded("{\"timedOut\":true}", "The handshake got no response");
    }

    @Test
    void an_instance_that_has_gone_is_told_apart_from_a_connection_that_was_cut() {
        assertConcluded("{\"opened\":true,\"instance\":\"a\"}", "Instance a has gone; now instance b answers.");
        assertConcluded("{\"opened\":true,\"instance\":\"b\"}", "The server is up");
    }

    private static void assertConcluded(String facts, String reason) {
        Object lines = client.inModule("client/diagnosis.js", """
                ({ diagnose }, facts) => {
                  const { succeeded, seen, opened = false, timedOut = false, instance = '' } = JSON.parse(facts);
                  const answer = { verdict: { status: 101 }, rules: [], instance: 'b' };
                  return diagnose(
                    { url: 'ws://localhost/ws', protocols: [], opened, timedOut, instance },
                    { explain: async () => ({ answer }), tryAgain: async () => ({ succeeded: succeeded === true, seen }) });
                }""", facts);
        assertThat((List<?>) lines).first().asString().contains(reason);
    }
}
