package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A diagnosis as a link: the page's settings in its URL. */
class PageLinkIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    @Test
    void a_link_sets_every_control() {
        client.open("?url=wss%3A%2F%2Felsewhere.example%2Fws&protocol=one,two&message=hi&type=base64&reconnect=1&ping=7"
                + "&rate=12.5&size=128&seconds=9&flow=binary&code=4001&reason=why&filter=x&kind=text&direction=sent"
                + "&open=continuous+close");
        assertThat(client.byId("connectionUrl")).hasValue("wss://elsewhere.example/ws");
        assertThat(client.byId("protocolChoice")).hasValue("other");
        assertThat(client.byId("protocolOther")).hasValue("one,two");
        assertThat(client.byId("sendMessage")).hasValue("hi");
        assertThat(client.page().getByLabel("Base64")).isChecked();
        assertThat(client.byId("reconnectSwitch")).isChecked();
        assertThat(client.byId("pingSeconds")).hasValue("7");
        assertThat(client.byId("pingSwitch")).isChecked();
        assertThat(client.byId("flowRate")).hasValue("12.5");
        assertThat(client.byId("flowSize")).hasValue("128");
        assertThat(client.byId("flowSeconds")).hasValue("9");
        assertThat(client.byId("flowType")).hasValue("binary");
        assertThat(client.byId("closeCode")).hasValue("4001");
        assertThat(client.byId("closeReason")).hasValue("why");
        assertThat(client.byId("filterText")).hasValue("x");
        assertThat(client.byId("filterKind")).hasValue("text");
        assertThat(client.byId("filterDirection")).hasValue("sent");
        assertThat(client.byId("flowStart")).isVisible();
        assertThat(client.byId("closeCode")).isVisible();
        assertThat(client.byId("fileChoice")).isHidden();
        assertThat(client.byId("stateLabel")).hasText("Ready to connect...");
        assertThat(client.sockets()).isEmpty();
    }

    @Test
    void a_link_of_an_earlier_version_still_sets_the_bytes() {
        client.open("?hex=00ff");
        assertThat(client.byId("sendMessage")).hasValue("00ff");
        assertThat(client.page().getByLabel("hex")).isChecked();
    }

    @Test
    void what_a_link_says_wrong_leaves_the_controls_as_they_were() {
        client.open("?rate=fast&size=&kind=nothing&type=paper&open=everything&protocol=&unknown=1");
        assertThat(client.byId("flowRate")).hasValue("10");
        assertThat(client.byId("filterKind")).hasValue("all");
        assertThat(client.byId("protocolChoice")).hasValue("");
        client.connect();
        client.send("still works");
        assertThat(client.rows()).hasCount(3);
    }

    @Test
    void the_url_follows_the_controls_and_keeps_what_it_does_not_know() {
        client.open("?ticket=42");
        client.unfold("flowGroup");
        client.byId("flowRate").fill("33");
        client.byId("protocolChoice").selectOption("resound.echo.v1");
        client.byId("pingSwitch").check();
        client.page().getByLabel("binary").check();
        client.unfold("closeGroup");
        awaitQuery("ticket=42&protocol=resound.echo.v1&rate=33&type=binary&ping=25&open=continuous+close");
        client.byId("flowRate").fill("10");
        client.byId("protocolChoice").selectOption("");
        client.byId("pingSwitch").uncheck();
        client.page()
                .getByLabel("text", new Page.GetByLabelOptions().setExact(true))
                .check();
        client.unfold("closeGroup");
        client.unfold("flowGroup");
        awaitQuery("ticket=42");
        client.page().reload();
        assertThat(client.byId("flowRate")).hasValue("10");
    }

    @Test
    void a_copied_link_brings_the_settings_to_somebody_else() {
        client.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        client.byId("sendMessage").evaluate("box => { box.disabled = false; }");
        client.byId("sendMessage").fill("caf\u00e9 & more?");
        client.byId("copyLink").click();
        assertThat(client.byId("copyLink")).hasText("Copied");
        String copied = (String) client.page().evaluate("navigator.clipboard.readText()");
        client.page().navigate(copied);
        assertThat(client.byId("sendMessage")).hasValue("caf\u00e9 & more?");
    }

    @Test
    void without_a_clipboard_of_its_own_the_browser_copies_all_the_same() {
        client.page().addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
        client.open("?rate=77");
        client.byId("copyLink").click();
        assertThat(client.byId("copyLink")).hasText("Copied");
        assertThat(client.byId("copyLink")).isFocused();
    }

    // The faults in the query of the WebSocket's URL.

    @Test
    void the_panel_of_faults_writes_the_query_and_leaves_the_rest_of_it() {
        client.byId("connectionUrl").fill(client.webSocket() + "?token=a%20b&x");
        client.unfold("faultsGroup");
        fault("Send a Close frame").check();
        client.page().getByLabel("Send a Close frame: code").fill("1012");
        fault("Reset the connection").check();
        fault("End only its own side").check();
        fault("Answer no pings").check();
        assertThat(client.byId("connectionUrl"))
                .hasValue(client.webSocket() + "?token=a%20b&x&close=1012@5s&abort=rst@5s&half-close@5s&no-pong");
        assertThat(client.byId("faultsShort")).hasText("4\u00a0faults");
        fault("Reset the connection").uncheck();
        fault("End only its own side").uncheck();
        fault("Answer no pings").uncheck();
        fault("Send a Close frame").uncheck();
        assertThat(client.byId("connectionUrl")).hasValue(client.webSocket() + "?token=a%20b&x");
    }

    @Test
    void the_panel_of_faults_shows_those_of_a_link() {
        client.open("?open=faults&url="
                + encoded(client.webSocket() + "?stall=read@7s&half-close@1s&refuse=429&no-pong&y=1"));
        assertThat(client.page().getByLabel("Stop reading: after")).hasValue("7s");
        assertThat(client.page().getByLabel("End only its own side: after")).hasValue("1s");
        assertThat(client.page().getByLabel("Reject the handshake: status")).hasValue("429");
        assertThat(fault("Answer no pings")).isChecked();
        assertThat(fault("Drop messages")).not().isChecked();
        assertThat(client.page().getByLabel("Drop messages: percent")).isDisabled();
    }

    private static Locator fault(String label) {
        return client.page()
                .locator(".fault", new Page.LocatorOptions().setHasText(label))
                .locator("[type=checkbox]");
    }

    // What a link does by itself.

    @Test
    void a_link_connects_to_its_own_server_and_does_nothing_else() {
        client.open("?connect=1&message=hi&rate=100&seconds=5&ping=1&code=4000&open=continuous");
        assertThat(client.byId("stateLabel")).hasText("Open");
        assertThat(client.byId("pingSwitch")).not().isChecked();
        client.page().waitForTimeout(1500);
        client.assertRows("Connection opened");
        assertThat(client.byId("pingCount")).isEmpty();
        assertThat(client.byId("sendMessage")).hasValue("hi");
        assertThat(client.byId("stateLabel")).hasText("Open");
    }

    @Test
    void a_link_to_another_server_waits_for_somebody_to_press_connect() throws IOException {
        try (var other = new BadPeer()) {
            String url = URLEncoder.encode(other.url(), StandardCharsets.UTF_8);
            client.open("?connect=1&url=" + url);
            assertThat(client.byId("connectionUrl")).hasValue(other.url());
            client.page().waitForTimeout(500);
            assertThat(client.byId("stateLabel")).hasText("Ready to connect...");
            assertThat(client.sockets()).isEmpty();
        }
    }

    @Test
    void a_link_to_another_server_says_where_it_leads() {
        client.open("?connect=1&url=" + encoded("wss://trusted.example." + "a".repeat(60) + ".evil.example/ws"));
        assertThat(client.byId("foreignHint"))
                .hasText("The link points to another server, trusted.example." + "a".repeat(60)
                        + ".evil.example. Connect only if you trust it.");
        assertThat(client.byId("foreignHint")).isVisible();
        client.shot("foreign-link");
        Accessibility.assertNothingSerious(client.page());
        client.byId("connectionUrl").fill(client.webSocket().toString());
        assertThat(client.byId("foreignHint")).isHidden();
        client.open("?url=" + encoded(client.webSocket().toString()));
        assertThat(client.byId("foreignHint")).isHidden();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "http://127.0.0.1/ws",
                "data:text/html,x",
                "ws://user:secret@127.0.0.1/ws",
                "wss://trusted.example@evil.example/ws",
                "ws://127.0.0.1/#x",
                "LONG"
            })
    void a_link_to_what_is_no_server_connects_to_nothing(String url) {
        client.open("?connect=1&url=" + encoded(url.replace("LONG", "ws://127.0.0.1/" + "x".repeat(2000))));
        client.byId("connectButton").click();
        assertThat(client.byId("urlProblem")).not().isEmpty();
        assertThat(client.byId("stateLabel")).hasText("Ready to connect...");
        assertThat(client.sockets()).isEmpty();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void awaitQuery(String query) {
        client.page().waitForFunction("query => location.search === '?' + query", query);
        assertThat(URI.create(client.page().url()).getRawQuery()).isEqualTo(query);
    }
}
