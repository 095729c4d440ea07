package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import dev.resound.test.RunningResound;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server of somebody else says instead of a greeting or an explanation does not break the client page. */
class PageHostileServerIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    private static ScriptedInstance other;

    @BeforeAll
    static void start() {
        other = new ScriptedInstance();
    }

    @AfterAll
    static void stop() {
        other.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{",
                "{\"type\":\"hello\"}",
                "{\"type\":\"hello\",\"instance\":{\"toString\":1},\"build\":{\"version\":\"1\",\"java\":\"1\"},\"keepAlive\":{\"interval\":1,\"idleTimeout\":2}}",
                "{\"type\":\"hello\",\"instance\":\"x\",\"build\":null,\"keepAlive\":{\"interval\":1,\"idleTimeout\":2}}",
                "{\"type\":\"hello\",\"instance\":\"x\",\"build\":{\"version\":\"1\",\"java\":\"1\"},\"keepAlive\":{\"interval\":\"1\",\"idleTimeout\":2}}",
                "{\"type\":\"hello\",\"instance\":\"x\",\"build\":{\"version\":\"1\",\"java\":\"1\"},\"keepAlive\":{\"interval\":1e400,\"idleTimeout\":2}}"
            })
    void what_is_no_greeting_is_an_ordinary_message(String text) throws InterruptedException {
        ServerWebSocket socket = connect();
        socket.writeTextMessage(text).await();
        assertThat(client.rows()).hasCount(2);
        assertThat(client.rows().last()).containsText("Server");
        assertThat(client.byId("detailsList")).containsText("unknown");
        socket.close().await();
        assertThat(client.byId("stateLabel")).hasText("Closed");
    }

    @Test
    void a_greeting_with_huge_texts_is_shortened() throws InterruptedException {
        String huge = "x".repeat(200_000);
        ServerWebSocket socket = connect();
        var hello = new JsonObject()
                .put("type", "hello")
                .put("instance", huge)
                .put("build", new JsonObject().put("version", huge).put("java", huge))
                .put("keepAlive", new JsonObject().put("interval", 1).put("idleTimeout", 2));
        socket.writeTextMessage(hello.encode()).await();
        assertThat(client.byId("detailsList")).containsText("xxx\u2026");
        assertThat(client.byId("detailsList").textContent()).hasSizeLessThan(2000);
    }

    private static ServerWebSocket connect() throws InterruptedException {
        client.open("?open=details");
        client.byId("connectionUrl").fill(other.url());
        client.byId("protocolChoice").selectOption("resound.telemetry.v1");
        client.byId("connectButton").click();
        ServerWebSocket socket = other.dashboard();
        assertThat(client.byId("stateLabel")).hasText("Open");
        return socket;
    }

    @Test
    void what_is_no_explanation_explains_nothing() {
        client.unfold("explainGroup");
        for (String body : List.of(
                "null",
                "[]",
                "{}",
                "{\"rules\":[]}",
                "{\"rules\":{},\"verdict\":{}}",
                "{\"rules\":[null],\"verdict\":{}}",
                "{\"rules\":[{}],\"verdict\":{}}",
                "{\"detail\":{\"toString\":1}}",
                "[".repeat(300_000))) {
            explain(body);
            assertThat(client.byId("explainAnswer")).containsText("without an explanation");
        }
    }

    @Test
    void an_explanation_with_wrong_members_is_shown_as_far_as_it_goes() {
        String huge = "x".repeat(100_000);
        client.open("?open=explain+details");
        for (String body : List.of(
                "{\"verdict\":{},\"rules\":[]}",
                "{\"verdict\":{\"status\":{\"toString\":1},\"outcome\":[[]],\"detail\":{}},\"rules\":[{\"rule\":\"x\",\"header\":5,\"found\":{\"toString\":1}}]}",
                "{\"verdict\":{},\"rules\":[],\"instance\":{\"toString\":1},\"origin\":null,\"request\":[],\"forwarded\":\"x\",\"protocol\":1,\"keepAlive\":{\"interval\":\"1\"}}",
                "{\"verdict\":{},\"rules\":[],\"request\":{\"headers\":{\"a\":{\"toString\":1},\"b\":[{}]},\"client\":{}},\"capacity\":{\"limitPerAddress\":{\"toString\":1}}}",
                "{\"verdict\":{\"status\":\"HUGE\"},\"rules\":[],\"request\":{\"headers\":{\"HUGE\":\"HUGE\"}},\"instance\":\"HUGE\"}"
                        .replace("HUGE", huge))) {
            explain(body);
            assertThat(client.byId("explainAnswer").locator("table")).hasCount(2);
            assertThat(client.byId("explainAnswer").textContent()).hasSizeLessThan(10_000);
            client.connect();
            assertThat(client.byId("detailsList")).containsText("Idle timeout");
            client.byId("closeButton").click();
        }
    }

    /** The server's explanation is evaluated after a failure as well. */
    @Test
    void a_wrong_explanation_of_a_failure_is_no_error_of_the_page() {
        try (var strict = RunningResound.start("websocket.allowed-origins", "https://elsewhere.example")) {
            client.visit(strict, "");
            for (String body : List.of(
                    "{\"verdict\":{},\"rules\":[]}",
                    "{\"verdict\":{\"status\":101},\"rules\":[],\"request\":[],\"protocol\":[]}",
                    "{\"verdict\":{\"status\":101},\"rules\":[],\"request\":{\"headers\":5,\"version\":{}},\"attempt\":[]}",
                    "{\"verdict\":{\"status\":101},\"rules\":[],\"attempt\":{\"arrived\":true,\"verdict\":7}}",
                    "{\"verdict\":{\"status\":{\"toString\":1},\"rule\":[],\"detail\":{\"toString\":1}},\"rules\":[]}")) {
                client.byId("clearButton").click();
                answer(body);
                client.byId("connectButton").click();
                assertThat(client.page().locator(".commslog-problem")).hasCount(1);
            }
        }
    }

    private static void explain(String body) {
        answer(body);
        client.page()
                .waitForResponse(
                        "**/ws?explain**", () -> client.byId("explainButton").click());
        assertThat(client.byId("explainButton")).isEnabled();
    }

    private static void answer(String body) {
        client.page().unrouteAll();
        client.page()
                .route(
                        url -> url.contains("/ws?explain"),
                        route -> route.fulfill(
                                new Route.FulfillOptions().setStatus(200).setBody(body)));
    }
}
