package dev.resound.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.RawHttp;
import dev.resound.test.RunningResound;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The routes and the responses that the documentation shows, asked of a running service. */
class RoutesTest {

    private static final Pattern PATH = Pattern.compile("`(/[^`]*)`");
    private static final String[] HANDSHAKE = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };

    private static RunningResound resound;

    @BeforeAll
    static void start() {
        resound = RunningResound.start("instance", "vm");
    }

    @AfterAll
    static void stop() {
        resound.close();
    }

    /** The paths of the README's table of routes, of one port. */
    private static List<String> routes(String port) {
        List<String> routes = new ArrayList<>();
        String current = "";
        for (List<String> cells : Markdown.readme().rows("port", "path", "what it serves")) {
            current = cells.get(0).isEmpty() ? current : cells.get(0);
            if (current.endsWith(port)) {
                PATH.matcher(cells.get(1))
                        .results()
                        .map(match -> match.group(1))
                        .forEach(routes::add);
            }
        }
        return routes;
    }

    @Test
    void every_route_of_the_readme_is_served() throws IOException {
        assertThat(routes("public")).hasSize(7);
        for (String path : routes("public")) {
            String[] headers = path.equals("/ws") ? HANDSHAKE : new String[0];
            assertThat(get(resound.port(), path, headers).status()).as(path).isEqualTo(path.equals("/ws") ? 101 : 200);
        }
        assertThat(routes("management")).hasSize(3);
        for (String path : routes("management")) {
            assertThat(get(resound.managementPort(), path).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void every_page_and_every_description_is_a_route_of_the_readme() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/webroot"))) {
            assertThat(files.map(file -> "/" + file.getFileName())
                            .filter(path -> path.endsWith(".html") || path.endsWith(".json"))
                            .map(path -> path.replace("index.html", "").replace(".html", "")))
                    .isSubsetOf(routes("public"));
        }
    }

    @Test
    void the_rejections_that_are_shown_are_real() throws IOException {
        assertThat(Markdown.readme().text()).contains(get(resound.port(), "/ws").body());
        try (var strict = RunningResound.start("websocket.allowed-origins", "https://client.com")) {
            String[] evil = Stream.concat(Stream.of(HANDSHAKE), Stream.of("Origin: https://evil.example"))
                    .toArray(String[]::new);
            assertThat(Markdown.read("src/docs/protocol.md").text())
                    .contains(get(strict.port(), "/ws", evil).body());
        }
    }

    @Test
    void the_beginning_of_an_explanation_that_is_shown_is_real() throws IOException {
        String explanation = get(resound.port(), "/ws?explain").body();
        assertThat(Markdown.readme().text())
                .contains(String.join("\n", explanation.lines().limit(8).toList()));
    }

    @Test
    void every_member_of_an_explanation_that_is_described_exists() throws IOException {
        var explanation = new JsonObject(get(resound.port(), "/ws?explain").body());
        for (List<String> cells : Markdown.read("src/docs/protocol.md").rows("member", "how to read it")) {
            List<String> path = List.of(
                    Markdown.plain(cells.getFirst().replaceAll(":.*", "")).split("\\.", -1));
            JsonObject parent = path.size() == 1 ? explanation : explanation.getJsonObject(path.getFirst());
            assertThat(parent.fieldNames()).contains(path.getLast());
        }
    }

    private static RawHttp.Answer get(int port, String path, String... headers) throws IOException {
        return RawHttp.exchange(port, "GET " + path + " HTTP/1.1", headers);
    }
}
