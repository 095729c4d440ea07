package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.RunningResound;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the client page closes, and what it says about an end. */
class PageCloseIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    // The server's side of the end.

    @Test
    void a_server_that_is_gone_is_told_in_words() throws IOException {
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            peer.accept().close();
            assertThat(client.rows()).hasCount(4);
            assertThat(client.rows().nth(1).locator("td").first()).hasText("Connection closed. Code: 1006. Reason:");
            assertThat(client.rows().nth(2)).containsText("The connection ended without a Close frame");
            client.assertCanConnect();
        }
    }

    @Test
    void a_draining_server_is_told_in_words() {
        try (var leaving = RunningResound.start("drain.period", "100ms")) {
            client.visit(leaving, "");
            client.connect();
            var drained = leaving.main().drain();
            assertThat(client.rows().nth(1).locator("td").first())
                    .hasText("Connection closed. Code: 1001. Reason: server draining");
            assertThat(client.rows().nth(2)).containsText("The server is draining");
            drained.await();
            client.shot("drained");
        }
    }

    @Test
    void a_frame_that_is_too_big_is_told_in_words() {
        try (var small = RunningResound.start("websocket.max-frame-size", "1KiB")) {
            client.visit(small, "");
            client.connect();
            client.send("x".repeat(2000));
            assertThat(client.rows().nth(2)).containsText("Connection closed. Code: 1009. Reason: ");
            assertThat(client.rows().nth(3)).containsText("A message was too big for the server: ");
            assertThat(client.rows().nth(3)).containsText("max-frame-size");
        }
    }

    // Closing with a code and a reason.

    @Test
    void one_closes_with_the_code_and_the_reason_that_one_chooses() {
        client.connect();
        client.unfold("closeGroup");
        client.byId("closeCode").fill("4321");
        client.byId("closeReason").fill("bye \u2713");
        client.byId("closeWith").click();
        client.assertRows(
                "Connection opened",
                "Connection closed. Code: 4321. Reason: bye \u2713",
                "The server returned the code that this page sent. "
                        + "Codes from 4000 to 4999 are for private use. The application defines their meaning.");
        assertThat(client.byId("closeWith")).isDisabled();
    }

    @ParameterizedTest
    @CsvSource({
        "1001, the protocol reserves",
        "1006, the protocol reserves",
        "2999, the protocol reserves",
        "999,  Enter 1000",
        "5000, Enter 1000",
        "'',   Enter 1000",
    })
    void a_code_that_a_browser_does_not_send_is_not_tried(String code, String problem) {
        client.connect();
        client.unfold("closeGroup");
        client.byId("closeCode").fill(code);
        client.byId("closeWith").click();
        assertThat(client.byId("closeCodeProblem")).containsText(problem);
        assertThat(client.byId("closeCode")).hasAttribute("aria-invalid", "true");
        assertThat(client.byId("stateLabel")).hasText("Open");
    }

    @Test
    void a_reason_has_room_for_123_bytes() {
        client.connect();
        client.unfold("closeGroup");
        client.byId("closeReason").fill("\u00fc".repeat(62));
        assertThat(client.byId("closeReasonProblem")).containsText("124 bytes");
        client.byId("closeWith").click();
        assertThat(client.byId("stateLabel")).hasText("Open");
        client.byId("closeReason").fill("\u00fc".repeat(61) + "x");
        client.byId("closeWith").click();
        assertThat(client.rows().nth(1)).containsText("\u00fc".repeat(61) + "x");
    }

    @Test
    void a_close_that_nobody_answers_is_told_apart_from_a_cut() throws IOException {
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            try (Socket mute = peer.accept()) {
                client.byId("closeButton").click();
                assertThat(client.byId("stateLabel")).hasText("Closing...");
                assertThat(mute.isConnected()).isTrue();
            }
            assertThat(client.rows().nth(2)).containsText("got no reply");
        }
    }

    // What a close means.

    /** Code, reason, and what the page says about them. */
    private static final String MEANINGS = """
            1000 | Closing from client      | Normal closure
            1001 |                          | You can reconnect
            1001 | server draining          | before it shuts down
            1001 | nothing received for 4m  | received nothing from this client for 4m
            1002 |                          | a protocol error
            1002 | a client must mask its frames (RFC 6455 5.1) | damaged the stream
            1003 |                          | does not accept this type
            1004 |                          | reserved
            1005 |                          | contained no code
            1006 |                          | without a Close frame
            1007 |                          | not UTF-8
            1007 | a text message must be UTF-8 (RFC 6455 8.1) | changed it
            1008 |                          | policy violation
            1009 |                          | too big
            1010 |                          | extension
            1011 |                          | had an internal error
            1011 | internal error           | see its log
            1012 |                          | restarting
            1013 |                          | overloaded
            1014 |                          | gateway
            1015 |                          | The TLS handshake failed
            1016 |                          | reserved for future versions
            2999 |                          | reserved for future versions
            3000 |                          | Unauthorized
            3003 |                          | Forbidden
            3008 |                          | Timeout
            3999 |                          | libraries and frameworks
            4000 |                          | private use
            4999 |                          | private use
            """;

    @Test
    void each_code_has_a_meaning() {
        MEANINGS.lines().map(line -> line.split("\\|")).forEach(row -> {
            Object meaning = client.inModule(
                    "close-codes.js",
                    "(module, end) => module.meaningOf(end)",
                    Map.of("code", Integer.parseInt(row[0].strip()), "reason", row[1].strip(), "opened", true));
            assertThat(meaning).as(row[0]).asString().contains(row[2].strip());
        });
    }

    /** Age, seconds since the last message, seconds since the last message or ping of the server, and which proxies match. */
    private static final String SUSPECTS = """
            500  | 60.9  | 60.9 | nginx; AWS Application or Classic Load Balancer
            500  | 59.2  | 59.2 | nginx; AWS Application or Classic Load Balancer
            500  | 180.4 | 60.4 | nginx; AWS Application or Classic Load Balancer
            500  | 50    | 50   | haproxy
            500  | 55.4  | 55.4 | Heroku
            500  | 100.1 | 100.1| Cloudflare
            900  | 241   | 241  | Azure Load Balancer
            900  | 303   | 303  | Envoy; Azure Front Door
            900  | 350   | 350  | AWS Network Load Balancer
            900  | 602   | 602  | AWS API Gateway, CloudFront
            30.4 | 2     | 2    | Google Cloud Application Load Balancer
            7201 | 12    | 12   | AWS API Gateway
            500  | 12    | 12   | -
            0.1  | 0.1   | 0.1  | -
            500  | 80    | 80   | -
            """;

    @Test
    void the_time_of_a_cut_tells_which_proxies_do_that() {
        SUSPECTS.lines().map(line -> line.split("\\|")).forEach(row -> {
            Map<String, Object> end = Map.of(
                    "code",
                    1006,
                    "reason",
                    "",
                    "opened",
                    true,
                    "age",
                    Double.parseDouble(row[0]),
                    "quiet",
                    Double.parseDouble(row[1]),
                    "onWire",
                    Double.parseDouble(row[2]));
            var sentences = (List<?>) client.inModule("close-codes.js", "(module, end) => module.suspectsOf(end)", end);
            if (row[3].strip().equals("-")) {
                assertThat(sentences).as(List.of(row).toString()).isEmpty();
            } else {
                assertThat(sentences.toString()).contains(row[3].strip().split("; "));
            }
        });
    }

    @Test
    void a_connection_that_a_proxy_cuts_after_a_minute_of_silence_points_at_the_proxies_that_do_that()
            throws IOException {
        client.page().clock().install();
        client.open("");
        try (var proxy = new BadPeer()) {
            client.connectTo(proxy.url());
            try (Socket cut = proxy.accept()) {
                assertThat(client.byId("stateLabel")).hasText("Open");
                client.page().clock().fastForward("01:01");
                cut.setSoLinger(true, 0);
            }
            assertThat(client.rows()).hasCount(5);
            assertThat(client.rows().nth(3)).containsText("after the last message. These default idle timeouts match:");
            assertThat(client.rows().nth(3)).containsText("nginx, ingress-nginx (1\u00a0min; proxy_read_timeout");
            client.shot("cut-after-a-minute");
        }
    }
}
