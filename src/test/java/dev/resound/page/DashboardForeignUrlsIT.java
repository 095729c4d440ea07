package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.resound.test.RunningResound;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A link to the dashboard may name any server. Only somebody's click makes the browser connect to a foreign one. */
class DashboardForeignUrlsIT {

    private static Chromium chromium;
    private static RunningResound resound;
    private static ScriptedInstance other;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        resound = RunningResound.start("instance", "near");
        other = new ScriptedInstance();
    }

    @AfterAll
    static void stop() {
        if (other != null) {
            other.close();
            resound.close();
            chromium.close();
        }
    }

    /** The URLs that the page connects to from now on. */
    private static List<String> sockets(DashboardPage dashboard) {
        List<String> urls = new CopyOnWriteArrayList<>();
        dashboard.page().onWebSocket(socket -> urls.add(socket.url()));
        dashboard.page().reload();
        return urls;
    }

    @Test
    void a_link_to_a_foreign_server_connects_only_after_a_click_and_names_it() throws InterruptedException {
        try (var dashboard = DashboardPage.open(chromium, resound, other.url())) {
            List<String> sockets = sockets(dashboard);
            dashboard.expectState("Not connected");
            assertThat(dashboard.slot("why")).containsText("another server, 127.0.0.1:" + other.port() + ".");
            assertThat(dashboard.slot("connect")).hasAttribute("aria-label", "Connect to 127.0.0.1:" + other.port());
            assertThat(dashboard.slot("url")).hasText(other.url());
            assertThat(dashboard.slot("retry")).isHidden();
            dashboard.page().evaluate("dispatchEvent(new Event('online'))");
            dashboard.page().waitForTimeout(500);
            assertThat(sockets).isEmpty();
            Accessibility.assertNothingSerious(dashboard.page());
            dashboard.shot("foreign");

            dashboard.slot("connect").click();
            ScriptedInstance.say(other.dashboard(), ScriptedInstance.hello(100), true);
            assertThat(dashboard.slot("name")).hasText("scripted");
            assertThat(dashboard.slot("connect")).isHidden();
            assertThat(sockets).containsExactly(other.url());
        }
    }

    @Test
    void the_pages_own_server_is_connected_to_at_once_beside_a_foreign_one() {
        try (var dashboard =
                DashboardPage.open(chromium, resound, "ws", "/ws?again", resound.page() + "ws?http", other.url())) {
            assertThat(dashboard.panels().locator(".state"))
                    .hasText(new String[] {"Live", "Live", "Live", "Not connected"});
        }
    }

    @Test
    void the_same_host_under_another_scheme_or_port_is_foreign() {
        String host = resound.webSocket().getAuthority();
        try (var dashboard = DashboardPage.open(
                chromium,
                resound,
                "wss://" + host + "/ws",
                "ws://localhost:" + resound.port() + "/ws",
                "//other.example/ws")) {
            List<String> sockets = sockets(dashboard);
            assertThat(dashboard.panels().locator("[data-slot=connect]:visible"))
                    .hasCount(3);
            assertThat(sockets).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "data:text/html,x",
                "blob:http://x/y",
                "file:///etc/passwd",
                "ws://user:secret@127.0.0.1/ws",
                "wss://trusted.example@evil.example/ws",
                "https://user@evil.example/ws",
                "ws://x/#fragment",
                "ws://"
            })
    void what_must_not_be_connected_to_is_a_problem_and_no_panel(String url) {
        try (var dashboard = DashboardPage.open(chromium, resound, "ws", url)) {
            List<String> sockets = sockets(dashboard);
            dashboard.expectState("Live");
            assertThat(sockets).containsOnly(resound.webSocket().toString());
            assertThat(dashboard.page().locator("#urlProblem")).not().isEmpty();
            assertThat(dashboard.panels()).hasCount(1);
        }
    }

    @Test
    void very_long_and_very_many_urls_are_neither_shown_whole_nor_connected_to() {
        // Changed by a script, as the service takes no request line of such a length.
        String query = IntStream.range(0, 300)
                .mapToObj(i -> switch (i % 3) {
                    case 0 -> "ws://127.0.0.1:1/" + i;
                    case 1 -> "nothing:" + i;
                    default -> "ws?" + i + "x".repeat(i == 2 ? 3000 : 1);
                })
                .map(url -> "url=" + url.replace("?", "%3F"))
                .collect(Collectors.joining("&", "?", ""));
        try (var dashboard = DashboardPage.open(chromium, resound)) {
            Page page = dashboard.page();
            page.evaluate(
                    "query => { history.pushState(null, '', query); dispatchEvent(new Event('popstate')); }", query);
            assertThat(dashboard.panels()).hasCount(12);
            assertThat(page.locator("#urlProblem")).containsText("98 more URLs have problems.");
            assertThat(page.locator("#urlProblem")).containsText("Only the first 12 of 199 URLs are shown.");
            assertThat(page.locator("#urlProblem").textContent()).hasSizeLessThan(1000);
            assertThat(dashboard.panels().locator("[data-slot=connect]:visible"))
                    .hasCount(7);
        }
    }
}
