package dev.resound.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.HttpReply;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 9112 says about requests, on all kinds of paths and on both ports. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestConformanceTest {

    /** A handshake that is rejected and counted as such, if anything processes it. */
    private static final String SECOND = WireClient.request().replace("Version: 13", "Version: 99");

    private static final String HOST = "\r\nHost: a\r\n";
    private static final String CHUNKED = "POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static RunningResound resound;

    @BeforeAll
    static void start() {
        resound = RunningResound.start();
    }

    @AfterAll
    static void stop() {
        nothing_behind_a_last_request_was_processed();
        resound.close();
    }

    private static void nothing_behind_a_last_request_was_processed() {
        String marker = WireClient.request().replace("Key: ", "Key: x");
        exchange(resound.port(), marker);
        MetricsPage page = MetricsPage.await(resound, now -> rejected(now, "key") == 1);
        assertThat(rejected(page, "version")).isZero();
    }

    private static double rejected(MetricsPage page, String outcome) {
        return page.series().entrySet().stream()
                .filter(series -> series.getKey().startsWith("websocket_handshakes_total{"))
                .filter(series -> series.getKey().contains("outcome=\"" + outcome + "\""))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private record Target(int port, String path) {}

    private static List<Target> targets() {
        return List.of(
                new Target(resound.port(), "/"),
                new Target(resound.port(), "/ws"),
                new Target(resound.port(), "/nothing"),
                new Target(resound.managementPort(), "/livez"),
                new Target(resound.managementPort(), "/nothing"));
    }

    /**
     * A request that breaks a rule.
     *
     * @param text with {@code %s} for the path
     */
    record Broken(String rule, String text) {
        @Override
        public String toString() {
            return rule;
        }
    }

    private static Broken broken(String rule, String text) {
        return new Broken(rule, text);
    }

    private static Broken line(String rule, String line) {
        return broken(rule, line + HOST + "\r\n");
    }

    private static Broken field(String rule, String... lines) {
        return broken(rule, "GET %s HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n");
    }

    private static Broken coding(String value) {
        return broken(
                "6.1 Transfer-Encoding " + value.replaceAll("\\p{Cntrl}", "?"),
                "POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:" + value + "\r\n\r\n0\r\n\r\n");
    }

    private static Broken length(String value) {
        return broken(
                "6.3 Content-Length " + value,
                "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length:" + value + "\r\n\r\nabc");
    }

    static Stream<Broken> invalidHeads() {
        return Stream.of(
                        Stream.of(
                                line("2.2 bare LF behind the request line", "GET %s HTTP/1.1\nX: y"),
                                broken("2.2 bare LF only", "GET %s HTTP/1.1\nHost: a\n\n"),
                                field("2.2 bare CR in a value", "Host: a", "X: a\rb"),
                                field("2.2 bare CR instead of a line's end", "Host: a\rX: y"),
                                broken("2.2 white space before the first field", "GET %s HTTP/1.1\r\n Host: a\r\n\r\n"),
                                line("2.3 minor version 2", "GET %s HTTP/1.2"),
                                line("2.3 minor version 10", "GET %s HTTP/1.10"),
                                line("2.3 major version 2", "GET %s HTTP/2.0"),
                                line("2.3 major version 0", "GET %s HTTP/0.9"),
                                line("2.3 no minor version", "GET %s HTTP/1"),
                                line("2.3 lower case", "GET %s http/1.1"),
                                line("2.3 another protocol", "GET %s ICY/1.1"),
                                line("2.3 not ASCII", "GET %s H\u00d4TP/1.1"),
                                line("2.3 no version", "GET %s"),
                                line("2.3 white space behind the version", "GET %s HTTP/1.1 "),
                                line("3 tab in front of the target", "GET\t%s HTTP/1.1"),
                                line("3 tab behind the target", "GET %s\tHTTP/1.1"),
                                line("3 two spaces in front of the target", "GET  %s HTTP/1.1"),
                                line("3 two spaces behind the target", "GET %s  HTTP/1.1"),
                                line("3 vertical tab", "GET\u000b%s HTTP/1.1"),
                                line("3 form feed", "GET %s\u000cHTTP/1.1"),
                                line("3 space in front of the method", " GET %s HTTP/1.1"),
                                line("3 space in the target", "GET %s x HTTP/1.1"),
                                line("3 no target", "GET HTTP/1.1"),
                                line("3.1 separator in the method", "GE(T %s HTTP/1.1"),
                                line("3.1 control character in the method", "G\u0001T %s HTTP/1.1"),
                                line("3.1 not ASCII in the method", "G\u00c9T %s HTTP/1.1"),
                                line("3.2 NUL in the target", "GET %s\0 HTTP/1.1"),
                                line("3.2 NUL in front of the target", "GET \0%s HTTP/1.1"),
                                line("3.2 CR in the target", "GET %s\rx HTTP/1.1"),
                                line("3.2 control character in the target", "GET %s\u0001 HTTP/1.1"),
                                line("3.2 DEL in the target", "GET %s\u007f HTTP/1.1"),
                                line("no HTTP", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"),
                                broken("no Host", "GET %s HTTP/1.1\r\n\r\n"),
                                broken("no Host in absolute form", "GET http://a%s HTTP/1.1\r\n\r\n"),
                                field("two equal Hosts", "Host: a", "Host: a"),
                                field("two Hosts", "Host: a", "X: y", "host: b"),
                                field("space in Host", "Host: a b"),
                                field("tab in Host", "Host: a\tb"),
                                field("list in Host", "Host: a,b"),
                                field("path in Host", "Host: a/b"),
                                field("user in Host", "Host: u@a"),
                                field("NUL in Host", "Host: a\0"),
                                broken("two Hosts in 1.0", "GET %s HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
                                field("5.1 empty name", "Host: a", ": b"),
                                field("5.1 empty name first", ": b", "Host: a"),
                                field("5.1 space in front of the colon", "Host: a", "X : b"),
                                field("5.1 tab in front of the colon", "Host: a", "X\t: b"),
                                field("5.1 space in front of the colon of Host", "Host : a"),
                                field("5.1 space in a name", "Host: a", "X y: b"),
                                field("5.1 NUL in a name", "Host: a", "X\0: b"),
                                field("5.1 parenthesis in a name", "Host: a", "X(: b"),
                                field("5.1 not ASCII in a name", "Host: a", "X\u00e9: b"),
                                field("5.1 no colon", "Host: a", "nonsense"),
                                field("5.2 folded line", "Host: a", "X: a", " b"),
                                field("5.2 folded line with a tab", "Host: a", "X: a", "\tb"),
                                field("5.5 NUL in a value", "Host: a", "X: a\0b"),
                                field("5.5 control character in a value", "Host: a", "X: a\u0001b"),
                                broken(
                                        "6.1 Transfer-Encoding in 1.0",
                                        "POST %s HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                                field("6.1 space in front of the colon", "Host: a", "Transfer-Encoding : chunked"),
                                field(
                                        "6.1 chunked twice",
                                        "Host: a",
                                        "Transfer-Encoding: chunked",
                                        "Transfer-Encoding: chunked"),
                                field(
                                        "6.1 chunked, then identity",
                                        "Host: a",
                                        "Transfer-Encoding: chunked",
                                        "Transfer-Encoding: identity"),
                                field("6.1 folded", "Host: a", "Transfer-Encoding:", " chunked"),
                                field(
                                        "6.3 both, length first",
                                        "Host: a",
                                        "Content-Length: 5",
                                        "Transfer-Encoding: chunked"),
                                field(
                                        "6.3 both, length last",
                                        "Host: a",
                                        "Transfer-Encoding: chunked",
                                        "Content-Length: 0"),
                                field("6.3 two lengths", "Host: a", "Content-Length: 3", "Content-Length: 4"),
                                field(
                                        "6.3 two lengths, the second invalid",
                                        "Host: a",
                                        "Content-Length: 0",
                                        "Content-Length: x"),
                                broken(
                                        "9.3 a length for a GET",
                                        "GET %s HTTP/1.1\r\nHost: a\r\nContent-Length: -0\r\n\r\n"),
                                line("long request line", "GET %s" + "a".repeat(5000) + " HTTP/1.1"),
                                field("long field", "Host: a", "X: " + "a".repeat(9000)),
                                field(
                                        "many fields",
                                        Stream.concat(
                                                        Stream.of("Host: a"),
                                                        Stream.generate(() -> "a: b")
                                                                .limit(100))
                                                .toArray(String[]::new))),
                        Stream.of(
                                        "",
                                        " ",
                                        " ,",
                                        " xchunked",
                                        " chunked, x",
                                        " x, chunked",
                                        " gzip, chunked",
                                        " chunked, chunked",
                                        " chunked, identity",
                                        " identity",
                                        " chunked;q=1",
                                        " \"chunked\"",
                                        " chunked chunked",
                                        " chunke",
                                        " chunkedd",
                                        " \u000bchunked",
                                        " chunked\u000b",
                                        " \u000cchunked",
                                        " chunked\u001f",
                                        " chunked\0",
                                        " chunked\u00a0",
                                        " \u0085chunked",
                                        " chunked\u007f")
                                .map(RequestConformanceTest::coding),
                        Stream.of(
                                        "",
                                        " +3",
                                        " -1",
                                        " 0x3",
                                        " 3x",
                                        " 3 3",
                                        " 3, 4",
                                        " 3;",
                                        " 1e1",
                                        " 3.0",
                                        " \u00b2",
                                        " 99999999999999999999",
                                        " 9223372036854775808",
                                        " 3\u000b",
                                        " \u000c3")
                                .map(RequestConformanceTest::length))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("invalidHeads")
    void an_invalid_head_gets_one_4xx_and_the_end_of_the_connection(Broken request) {
        for (Target target : targets()) {
            assertThat(exchange(target, request.text() + SECOND))
                    .as("%s on %s", request, target)
                    .singleElement()
                    .satisfies(reply -> {
                        assertThat(reply.status()).isIn(400, 414, 431);
                        assertThat(reply.header("Date")).isNotEmpty();
                        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
                        assertThat(reply.isLast()).isTrue();
                    });
        }
    }

    static Stream<Broken> invalidChunks() {
        return Stream.of(
                        "zz\r\n",
                        "-1\r\n",
                        "+3\r\nabc\r\n0\r\n\r\n",
                        "0x3\r\nabc\r\n0\r\n\r\n",
                        "\r\nabc\r\n0\r\n\r\n",
                        ";x\r\nabc\r\n0\r\n\r\n",
                        "3\nabc\r\n0\r\n\r\n",
                        "3\r\nabcd\r\n0\r\n\r\n",
                        "3\r\nabc\n0\r\n\r\n",
                        "3\r\nabc0\r\n\r\n",
                        "3\rabc\r\n0\r\n\r\n",
                        "3;a\nabc\r\n0\r\n\r\n",
                        "3;a\rb\r\nabc\r\n0\r\n\r\n",
                        "FFFFFFFFFFFFFFFFF\r\nabc",
                        "80000000\r\nabc",
                        "7FFFFFFFFFFFFFFF\r\nabc",
                        "3;" + "x".repeat(10_000) + "\r\nabc\r\n0\r\n\r\n",
                        "0\r\nno colon\r\n\r\n",
                        "0\r\nX : a\r\n\r\n",
                        "0\r\n: a\r\n\r\n",
                        "0\r\nX: a\n\n",
                        "0\n\n",
                        "0\r\n" + "a: b\r\n".repeat(1000) + "\r\n",
                        "0\r\nX: " + "a".repeat(10_000) + "\r\n\r\n")
                .map(body -> broken("7.1 " + body.substring(0, Math.min(20, body.length())), CHUNKED + body));
    }

    @ParameterizedTest
    @MethodSource("invalidChunks")
    void an_invalid_chunk_ends_the_connection_with_the_one_response(Broken request) {
        for (Target target : targets()) {
            assertThat(exchange(target, request.text() + SECOND))
                    .as("%s on %s", request, target)
                    .singleElement()
                    .satisfies(reply -> {
                        assertThat(reply.status()).isIn(400, 404, 405, 413);
                        assertThat(reply.header("Date")).isNotEmpty();
                    });
        }
    }

    /**
     * Requests that break no rule.
     *
     * @param statuses of the responses on the public port, in turn
     */
    record Valid(String name, String text, List<Integer> statuses) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Valid valid(String name, String text, Integer... statuses) {
        return new Valid(name, text, List.of(statuses));
    }

    static Stream<Valid> validRequests() {
        String get = "GET / HTTP/1.1" + HOST + "\r\n";
        return Stream.of(
                valid("a request", get, 200),
                valid("three requests in one write", get.repeat(3), 200, 200, 200),
                valid("empty lines in front", "\r\n\r\n" + get, 200),
                valid("an empty line between", get + "\r\n" + get, 200, 200),
                valid("absolute form", "GET http://a/ HTTP/1.1" + HOST + "\r\n", 200),
                valid("another method", "BREW / HTTP/1.1" + HOST + "\r\n", 405),
                valid("asterisk form", "OPTIONS * HTTP/1.1" + HOST + "\r\n", 404),
                valid("authority form", "CONNECT a:443 HTTP/1.1" + HOST + "\r\n", 404),
                valid("Host with a port", "GET / HTTP/1.1\r\nHost: a:80\r\n\r\n", 200),
                valid("Host with an IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200),
                valid("any case of names", "GET / HTTP/1.1\r\nhOST: a\r\n\r\n", 200),
                valid("no white space", "GET / HTTP/1.1\r\nHost:a\r\n\r\n", 200),
                valid("much white space", "GET / HTTP/1.1\r\nHost: \t a \t \r\nX:\r\n\r\n", 200),
                valid("obs-text in a value", "GET / HTTP/1.1" + HOST + "X: \u00e9\r\n\r\n", 200),
                valid("a body", "POST / HTTP/1.1" + HOST + "Content-Length: 5\r\n\r\nhello" + get, 405, 200),
                valid("an empty body", "POST / HTTP/1.1" + HOST + "Content-Length: 0\r\n\r\n" + get, 405, 200),
                valid("a body of a GET", "GET / HTTP/1.1" + HOST + "Content-Length: 5\r\n\r\nhello" + get, 200, 200),
                valid("chunks", CHUNKED.formatted("/") + "3\r\nabc\r\n0\r\n\r\n" + get, 405, 200),
                valid("no chunk", CHUNKED.formatted("/") + "0\r\n\r\n" + get, 405, 200),
                valid(
                        "an upper-case size and an extension",
                        CHUNKED.formatted("/") + "00A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n" + get,
                        405,
                        200),
                valid("a trailer", CHUNKED.formatted("/") + "0\r\nX: y\r\n\r\n" + get, 405, 200),
                valid(
                        "any case of chunked",
                        "POST / HTTP/1.1" + HOST + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n" + get,
                        405,
                        200),
                valid(
                        "empty elements around chunked",
                        "POST / HTTP/1.1" + HOST + "Transfer-Encoding: , chunked,\t,\r\n\r\n0\r\n\r\n" + get,
                        405,
                        200),
                valid(
                        "an expectation with its body",
                        "POST / HTTP/1.1" + HOST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi" + get,
                        405,
                        200),
                valid("99 fields and Host", "GET / HTTP/1.1" + HOST + "a: b\r\n".repeat(99) + "\r\n", 200));
    }

    @ParameterizedTest
    @MethodSource("validRequests")
    void a_valid_request_is_answered_and_the_connection_stays(Valid requests) {
        String last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        List<HttpReply> replies = exchange(resound.port(), requests.text() + last);
        assertThat(replies).allSatisfy(reply -> assertThat(reply.header("Date")).isNotEmpty());
        assertThat(replies.subList(0, replies.size() - 1).stream().map(HttpReply::status))
                .containsExactlyElementsOf(requests.statuses());
        assertThat(replies.subList(0, replies.size() - 1)).noneMatch(HttpReply::isLast);
        assertThat(replies.getLast().isLast()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("validRequests")
    void the_management_port_answers_one_request_a_connection(Valid requests) {
        assertThat(exchange(resound.managementPort(), requests.text()))
                .singleElement()
                .satisfies(reply -> {
                    assertThat(reply.status()).isIn(404, 400);
                    assertThat(reply.header("Date")).isNotEmpty();
                    assertThat(reply.isLast()).isTrue();
                });
    }

    static Stream<Broken> lastRequests() {
        return Stream.of(
                broken("close", "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
                broken("close in a list", "GET %s HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n"),
                broken(
                        "close in a second field",
                        "GET %s HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n"),
                broken("1.0", "GET %s HTTP/1.0\r\n\r\n"),
                broken("1.0 with Host", "GET %s HTTP/1.0\r\nHost: a\r\n\r\n"),
                broken("a body that is missing", "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"),
                broken("chunks that are missing", CHUNKED + "ffff\r\n"),
                broken(
                        "an expectation without its body",
                        "POST %s HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n"),
                broken("a rejected handshake", "GET %s HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("lastRequests")
    void nothing_is_processed_behind_the_last_request_of_a_connection(Broken request) {
        for (Target target : targets()) {
            if (request.rule().equals("a rejected handshake") && target.port() != resound.port()) {
                continue;
            }
            assertThat(exchange(target, request.text() + SECOND))
                    .as("%s on %s", request, target)
                    .singleElement()
                    .satisfies(reply -> {
                        assertThat(reply.status()).isIn(200, 400, 404, 405);
                        assertThat(reply.header("Date")).isNotEmpty();
                    });
        }
    }

    @Test
    void a_client_of_1_0_may_keep_the_connection() {
        String request = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        assertThat(exchange(resound.port(), request + request + "GET / HTTP/1.0\r\n\r\n"))
                .hasSize(3)
                .allMatch(reply -> reply.status() == 200);
    }

    @Test
    void five_hundred_pipelined_requests_are_answered_in_order() {
        var requests = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            requests.append(i % 2 == 0 ? "GET / HTTP/1.1" : "GET /nothing HTTP/1.1")
                    .append(HOST)
                    .append("\r\n");
        }
        requests.append("GET /nothing HTTP/1.1").append(HOST).append("Connection: close\r\n\r\n");
        List<HttpReply> replies = exchange(resound.port(), requests.toString());
        assertThat(replies).hasSize(501);
        for (int i = 0; i < 500; i++) {
            assertThat(replies.get(i).status()).isEqualTo(i % 2 == 0 ? 200 : 404);
        }
    }

    @Test
    void a_response_to_head_has_no_body() {
        for (Target target : List.of(new Target(resound.port(), "/"), new Target(resound.managementPort(), "/livez"))) {
            byte[] bytes =
                    bytes(target.port(), "HEAD " + target.path() + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(HttpReply.all(bytes, true)).singleElement().satisfies(reply -> {
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.header("Date")).isNotEmpty();
            });
        }
    }

    @Test
    void a_huge_body_is_not_read_to_its_end() {
        for (Target target : targets()) {
            String head = "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n";
            assertThat(exchange(target, head + "x".repeat(1 << 20)))
                    .as("%s", target)
                    .singleElement()
                    .satisfies(reply -> assertThat(reply.status()).isIn(404, 405));
        }
    }

    private static List<HttpReply> exchange(Target target, String text) {
        return exchange(target.port(), text.replace("%s", target.path()));
    }

    private static List<HttpReply> exchange(int port, String text) {
        return HttpReply.all(bytes(port, text));
    }

    /** All that comes until the server ends the connection; a reset is a fault. */
    private static byte[] bytes(int port, String text) {
        try (WireClient client = WireClient.tcp(port)) {
            return client.sendInVain(text.getBytes(StandardCharsets.ISO_8859_1)).readToEnd();
        }
    }
}
