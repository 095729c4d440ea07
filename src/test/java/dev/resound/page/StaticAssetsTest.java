package dev.resound.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.lifecycle.BuildInfo;
import dev.resound.test.RawHttp;
import dev.resound.test.RunningResound;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the client page on the public port. */
class StaticAssetsTest {

    private static final Path FOLDER = Path.of("src/main/resources/webroot");

    private static RunningResound resound;

    @BeforeAll
    static void start() {
        resound = RunningResound.start();
    }

    @AfterAll
    static void stop() {
        resound.close();
    }

    static List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> FOLDER.relativize(file).toString())
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_file_of_the_folder_is_served_as_it_is(String file) throws IOException {
        RawHttp.Answer answer = exchange("GET /" + file + " HTTP/1.1");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(Files.readString(FOLDER.resolve(file))
                        .replace("${project.version}", BuildInfo.current().version()));
    }

    @ParameterizedTest
    @CsvSource({
        "/,            text/html; charset=utf-8",
        "/?a=b,        text/html; charset=utf-8",
        "/index.html,  text/html; charset=utf-8",
        "/style.css,   text/css; charset=utf-8",
        "/dashboard,   text/html; charset=utf-8",
        "/dashboard?url=ws, text/html; charset=utf-8",
        "/lib/uplot.js, text/javascript; charset=utf-8",
        "/lib/uplot.css, text/css; charset=utf-8",
        "/client/app.js,      text/javascript; charset=utf-8",
        "/favicon.svg, image/svg+xml; charset=utf-8",
        "/asyncapi.json, application/vnd.aai.asyncapi+json; version=3.0.0",
        "/telemetry.v1.schema.json, application/schema+json",
        "/fleet.v1.schema.json, application/schema+json",
        "http://localhost/, text/html; charset=utf-8",
    })
    void an_asset_says_what_it_is_and_how_it_may_be_used(String target, String contentType) throws IOException {
        RawHttp.Answer answer = exchange("GET " + target + " HTTP/1.1");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(contentType);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.header("ETag")).matches("\"[\\w-]+\"");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Content-Security-Policy").split("; "))
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "style-src 'self'",
                        "frame-ancestors 'none'",
                        "base-uri 'none'",
                        "form-action 'none'")
                .noneMatch(directive -> directive.contains("unsafe"));
    }

    @ParameterizedTest
    @CsvSource({"/dashboard/, ../dashboard", "/dashboard/?url=a&url=b, ../dashboard?url=a&url=b"})
    void a_slash_too_many_leads_to_the_dashboard_whatever_a_proxy_has_put_before_it(String target, String location)
            throws IOException {
        RawHttp.Answer answer = exchange("GET " + target + " HTTP/1.1");
        assertThat(answer.status()).isEqualTo(308);
        assertThat(answer.header("Location")).isEqualTo(location);
    }

    /** Without the list, a browser finds each module only after it has read the one that imports it. */
    @Test
    void the_client_page_preloads_each_module_that_it_imports() throws IOException {
        Set<String> imported = new TreeSet<>();
        collectImports("client/app.js", imported);
        List<String> preloaded = Pattern.compile("<link rel=\"modulepreload\" href=\"([^\"]+)\">")
                .matcher(Files.readString(FOLDER.resolve("index.html")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(preloaded).containsExactlyElementsOf(imported);
    }

    private static void collectImports(String file, Set<String> imported) throws IOException {
        var matcher = Pattern.compile("\\bfrom '([^']+)'").matcher(Files.readString(FOLDER.resolve(file)));
        while (matcher.find()) {
            Path target = Path.of(file).resolveSibling(matcher.group(1)).normalize();
            if (imported.add(target.toString())) {
                collectImports(target.toString(), imported);
            }
        }
    }

    @Test
    void the_page_names_no_other_host() throws IOException {
        for (String file : files()) {
            assertThat(Files.readString(FOLDER.resolve(file))
                            .replace("http://www.w3.org/2000/svg", "")
                            .replace("https://json-schema.org/draft/2020-12/schema", ""))
                    .as(file)
                    .doesNotContain("http://", "https://");
        }
    }

    @Test
    void a_head_request_gets_the_same_headers_and_no_body() throws IOException {
        RawHttp.Answer get = exchange("GET / HTTP/1.1");
        try (var http = new RawHttp(resound.port())) {
            RawHttp.Answer head = http.request("HEAD / HTTP/1.1");
            assertThat(head.headers())
                    .usingRecursiveComparison()
                    .ignoringFields("date")
                    .isEqualTo(get.headers());
            // A body would be taken for the beginning of this answer.
            RawHttp.Answer next = http.request("GET / HTTP/1.1");
            assertThat(next.status()).isEqualTo(get.status());
            assertThat(next.body()).isEqualTo(get.body());
        }
        assertThat(get.header("Content-Length"))
                .isEqualTo(String.valueOf(get.body().getBytes(StandardCharsets.UTF_8).length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "*"})
    void what_the_client_has_already_is_not_sent_again(String condition) throws IOException {
        String etag = exchange("GET /client/app.js HTTP/1.1").header("ETag");
        try (var http = new RawHttp(resound.port())) {
            RawHttp.Answer answer =
                    http.request("GET /client/app.js HTTP/1.1", "If-None-Match: " + condition.formatted(etag));
            assertThat(answer.status()).isEqualTo(304);
            assertThat(answer.header("ETag")).isEqualTo(etag);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
            assertThat(answer.header("Content-Length")).isIn("", "0");
            assertThat(http.request("GET / HTTP/1.1").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-None-Match: \"other\"", "If-None-Match: ,,\"", "If-Modified-Since: yesterday"})
    void what_the_client_does_not_have_is_sent(String condition) throws IOException {
        assertThat(exchange("GET /client/app.js HTTP/1.1", condition).status()).isEqualTo(200);
    }

    @Test
    void two_files_have_different_etags() throws IOException {
        assertThat(exchange("GET /client/app.js HTTP/1.1").header("ETag"))
                .isNotEqualTo(exchange("GET /client/log.js HTTP/1.1").header("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"})
    void a_file_can_only_be_read(String method) throws IOException {
        RawHttp.Answer answer = exchange(method + " / HTTP/1.1");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(new JsonObject(answer.body()).getInteger("status")).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "//",
                "/.",
                "/..",
                "/../conf/resound.yaml",
                "/%2e%2e/conf/resound.yaml",
                "/..%2fconf/resound.yaml",
                "/%2e%2e%2f%2e%2e%2fetc/passwd",
                "/..\\conf",
                "/client/app.js/",
                "/client/app.js/../logback.xml",
                "/client/app.js%00",
                "/./client/app.js",
                "/APP.JS",
                "/webroot",
                "/webroot/",
                "/webroot/client/app.js",
                "/logback.xml",
                "/dev/resound/Main.class",
                "/META-INF/MANIFEST.MF",
                "/%",
                "/%zz",
                "/%ff",
                "/~",
            })
    void nothing_else_is_there(String path) throws IOException {
        RawHttp.Answer answer = exchange("GET " + path + " HTTP/1.1");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(new JsonObject(answer.body()).getString("detail")).isEqualTo("nothing is served at this path");
    }

    private static RawHttp.Answer exchange(String requestLine, String... headers) throws IOException {
        return RawHttp.exchange(resound.port(), requestLine, headers);
    }
}
