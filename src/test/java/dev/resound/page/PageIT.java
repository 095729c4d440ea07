package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client page in a real Chromium, against the real service: connecting, sending, ping messages. */
class PageIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    // The reference's elements.

    @Test
    void the_page_is_ready_to_connect_to_its_own_server() {
        assertThat(client.byId("stateLabel")).hasText("Ready to connect...");
        assertThat(client.byId("connectionUrl")).hasValue(client.webSocket().toString());
        assertThat(client.byId("connectButton")).hasText("Connect");
        assertThat(client.byId("sendButton")).hasText("Send");
        assertThat(client.byId("closeButton")).hasText("Close Socket");
        assertThat(client.page().getByLabel("WebSocket Server URL:")).hasId("connectionUrl");
        assertThat(client.page().getByLabel("Message to send:")).hasId("sendMessage");
        assertThat(client.byId("commsLog").locator("tr")).hasCount(0);
        client.assertCanConnect();
        client.shot("ready");
    }

    @Test
    void a_conversation_is_logged_as_the_reference_logs_it() {
        client.connect();
        assertThat(client.byId("stateLabel")).hasText("Open");
        client.send("hello");
        client.assertRows("Connection opened", "Client|Server|hello", "Server|Client|hello");
        client.byId("closeButton").click();
        client.assertRows(
                "Connection opened",
                "Client|Server|hello",
                "Server|Client|hello",
                "Connection closed. Code: 1000. Reason: Closing from client");
        assertThat(client.byId("stateLabel")).hasText("Closed");
        client.assertCanConnect();
    }

    @Test
    void one_can_connect_again_after_closing() {
        client.connect();
        client.byId("closeButton").click();
        assertThat(client.byId("stateLabel")).hasText("Closed");
        client.connect();
        client.send("again");
        assertThat(client.rows().last().locator("td").nth(2)).hasText("again");
    }

    @Test
    void a_first_visit_shows_what_to_do_first() {
        assertThat(client.byId("purpose")).containsText("Find out whether WebSockets get through");
        assertThat(client.byId("firstSteps")).isVisible();
        assertThat(client.byId("firstSteps")).isInViewport();
        client.byId("firstConnect").click();
        assertThat(client.byId("stateLabel")).hasText("Open");
        assertThat(client.byId("firstSteps")).isHidden();
        client.byId("clearButton").click();
        assertThat(client.byId("firstConnect")).isDisabled();
    }

    // Sending.

    @Test
    void enter_connects_and_sends_and_the_box_is_ready_for_the_next_message() {
        client.byId("connectionUrl").press("Enter");
        assertThat(client.byId("sendMessage")).isFocused();
        client.page().keyboard().type("one");
        client.page().keyboard().press("Enter");
        assertThat(client.byId("sendMessage")).hasValue("");
        assertThat(client.byId("sendMessage")).isFocused();
        client.page().keyboard().type("two");
        client.byId("sendButton").click();
        assertThat(client.byId("sendMessage")).isFocused();
        client.assertRows(
                "Connection opened",
                "Client|Server|one",
                "Server|Client|one",
                "Client|Server|two",
                "Server|Client|two");
    }

    @Test
    void binary_is_shown_as_bytes() {
        client.connect();
        client.page().getByLabel("binary").check();
        client.send("h\u00e9");
        client.assertRows(
                "Connection opened",
                "Client|Server|binary, 3 bytes: 68 c3 a9",
                "Server|Client|binary, 3 bytes: 68 c3 a9");
    }

    @Test
    void an_empty_message_is_a_message() {
        client.connect();
        client.byId("sendButton").click();
        client.assertRows("Connection opened", "Client|Server|empty text message", "Server|Client|empty text message");
        client.page().getByLabel("binary").check();
        client.byId("sendButton").click();
        assertThat(client.rows().nth(4).locator("td").nth(2)).hasText("binary, 0 bytes");
    }

    // The reference's defects, mended.

    @Test
    void a_double_click_on_connect_makes_one_socket() {
        client.byId("connectButton").dblclick();
        client.send("hello");
        assertThat(client.rows()).hasCount(3);
        assertThat(client.sockets()).containsExactly(client.webSocket().toString());
    }

    @Test
    void while_connecting_only_cancel_can_be_pressed() throws IOException {
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            assertThat(client.byId("stateLabel")).hasText("Connecting...");
            client.assertAllDisabled();
            assertThat(client.byId("cancelButton")).isVisible();
            client.page().evaluate("document.getElementById('connectForm').requestSubmit()");
            assertThat(client.sockets()).hasSize(1);
            client.shot("connecting");
        }
    }

    @Test
    void an_attempt_to_connect_can_be_cancelled() throws IOException {
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            client.byId("cancelButton").click();
            client.assertRows("Connection closed. Code: 1006. Reason: ", "The attempt was cancelled.");
            client.assertCanConnect();
            assertThat(client.byId("cancelButton")).isHidden();
            assertThat(client.byId("connectButton")).isFocused();
            assertThat(client.byId("stateLabel")).hasAttribute("data-bad", "false");
        }
    }

    @Test
    void while_closing_nothing_can_be_pressed() throws IOException {
        try (var peer = new BadPeer()) {
            client.connectTo(peer.url());
            try (Socket mute = peer.accept()) {
                client.byId("closeButton").click();
                assertThat(client.byId("stateLabel")).hasText("Closing...");
                client.assertAllDisabled();
                assertThat(mute.isConnected()).isTrue();
                client.shot("closing");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                             Enter the URL",
        "hello,                          This is not a URL",
        "http://localhost/ws,            must begin with ws:// or wss://",
        "javascript:alert(1),            must begin with ws:// or wss://",
        "ws://localhost/ws#part,         has no fragment",
        "ws://localhost:99999/ws,        This is not a URL",
    })
    void a_bad_url_is_said_to_be_bad(String url, String problem) {
        client.byId("connectionUrl").fill(url);
        client.byId("connectButton").click();
        assertThat(client.byId("urlProblem")).containsText(problem);
        assertThat(client.byId("connectionUrl")).hasAttribute("aria-invalid", "true");
        assertThat(client.byId("stateLabel")).hasText("Ready to connect...");
        client.assertCanConnect();
        assertThat(client.sockets()).isEmpty();
        client.shot("bad-url");
        client.byId("connectionUrl").fill(client.webSocket().toString());
        client.connect();
        assertThat(client.byId("urlProblem")).isEmpty();
    }

    // Ping messages.

    @Test
    void a_ping_message_goes_out_every_x_and_is_counted_instead_of_logged() {
        client.connect();
        client.byId("pingSeconds").fill("1");
        client.byId("pingSwitch").check();
        assertThat(client.byId("pingCount")).containsText("2 sent, 2 answered, the last in");
        client.shot("pings");
        assertThat(client.rows()).hasCount(1);
        client.byId("pingSwitch").uncheck();
        String count = client.byId("pingCount").textContent();
        client.page().waitForTimeout(1500);
        assertThat(client.byId("pingCount")).hasText(count);
    }

    @Test
    void ping_messages_begin_with_the_connection_when_they_are_switched_on_before() {
        client.byId("pingSeconds").fill("1");
        client.byId("pingSwitch").check();
        client.connect();
        assertThat(client.byId("pingCount")).containsText("1 sent, 1 answered");
        client.byId("closeButton").click();
        assertThat(client.byId("stateLabel")).hasText("Closed");
    }

    @Test
    void a_ping_interval_that_is_none_is_said_to_be_none() {
        client.connect();
        client.byId("pingSwitch").check();
        client.byId("pingSeconds").fill("0");
        assertThat(client.byId("pingCount")).hasText("Choose 1 to 3600 whole seconds.");
        client.byId("pingSeconds").fill("5");
        assertThat(client.byId("pingCount")).isEmpty();
    }
}
