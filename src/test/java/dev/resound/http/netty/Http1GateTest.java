package dev.resound.http.netty;

import static dev.resound.test.Waiting.pause;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.test.HttpReply;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection of HTTP/1.x ends, and what its client is told. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Http1GateTest {

    private static final int TIMEOUT_MILLIS = 500;
    private static final String GET = "GET /favicon.svg HTTP/1.1\r\nHost: a\r\n\r\n";

    private static RunningResound resound;

    @BeforeAll
    static void start() {
        resound = RunningResound.start("websocket.handshake-timeout", TIMEOUT_MILLIS + "ms");
    }

    @AfterAll
    static void stop() {
        resound.close();
    }

    private static WireClient connect() {
        return WireClient.tcp(resound.port());
    }

    private static List<HttpReply> toTheEnd(WireClient client) {
        return HttpReply.all(client.readToEnd());
    }

    private static void assertTimedOut(WireClient client) {
        assertThat(toTheEnd(client)).singleElement().satisfies(Http1GateTest::isRequestTimeout);
    }

    private static void isRequestTimeout(HttpReply reply) {
        assertThat(reply.status()).isEqualTo(408);
        assertThat(reply.isLast()).isTrue();
        assertThat(reply.header("Date")).isNotEmpty();
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(new JsonObject(reply.body()).getInteger("status")).isEqualTo(408);
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    // Deadlines.

    @Test
    void an_idle_connection_ends_without_a_byte() {
        long start = System.nanoTime();
        try (WireClient client = connect()) {
            client.expectEnd();
        }
        assertThat(millisSince(start)).isGreaterThan(TIMEOUT_MILLIS - 100);
    }

    @Test
    void empty_lines_are_no_request() {
        try (WireClient client = connect().send("\r\n\r\n\n\r")) {
            client.expectEnd();
        }
    }

    @Test
    void silence_after_a_response_ends_without_a_byte() {
        try (WireClient client = connect().send(GET)) {
            client.expectStatus(200).readBody();
            client.expectEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET /ws HTTP/1.1\r\nHost: a\r\nUpgr",
                "GET / HTTP/1.1\r\nHost: a\r\n",
                "\r\nGET / HTTP/1.1\r\n"
            })
    void half_a_request_gets_408_once(String half) {
        try (WireClient client = connect().send(half)) {
            assertTimedOut(client);
        }
    }

    @Test
    void a_request_that_drips_gets_408_once() throws Exception {
        long start = System.nanoTime();
        try (WireClient client = connect().send("GET / HTTP/1.1\r\n")) {
            for (int i = 0; i < 20 && client.in().available() == 0; i++) {
                pause(Duration.ofMillis(TIMEOUT_MILLIS / 10));
                client.sendInVain(new byte[] {'X', ':', 'y', '\r', '\n'});
            }
            assertTimedOut(client);
        }
        assertThat(millisSince(start)).isLessThan(10L * TIMEOUT_MILLIS);
    }

    @Test
    void half_a_request_behind_a_response_gets_408_once() {
        try (WireClient client = connect().send(GET + "GET / HT")) {
            client.expectStatus(200).readBody();
            assertTimedOut(client);
        }
    }

    @Test
    void the_rest_of_a_request_behind_its_408_is_not_processed() {
        try (WireClient client = connect().send("GET / HTTP/1.1\r\n")) {
            isRequestTimeout(HttpReply.all((client.readHead() + client.readBody()).getBytes(US_ASCII))
                    .getFirst());
            client.sendInVain("Host: a\r\n\r\n".getBytes(US_ASCII)).sendInVain(GET.getBytes(US_ASCII));
            client.expectEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: 1000000000000"})
    void a_body_that_never_comes_gets_405_and_no_408(String framing) {
        try (WireClient client = connect().send("POST / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n")) {
            assertThat(toTheEnd(client)).singleElement().satisfies(reply -> {
                assertThat(reply.status()).isEqualTo(405);
                assertThat(reply.isLast()).isFalse();
            });
        }
    }

    @Test
    void a_body_that_comes_after_the_response_is_not_a_request() {
        try (WireClient client = connect().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n")) {
            client.expectStatus(405).readBody();
            client.sendInVain(GET.getBytes(US_ASCII)).expectEnd();
        }
    }

    @Test
    void requests_that_keep_coming_are_answered_for_longer_than_one_deadline() {
        long end = System.nanoTime() + 3L * TIMEOUT_MILLIS * 1_000_000;
        try (WireClient client = connect()) {
            while (System.nanoTime() < end) {
                client.send(GET).expectStatus(200).readBody();
            }
        }
    }

    @Test
    void a_client_that_takes_no_responses_is_cut() {
        byte[] requests = GET.repeat(1000).getBytes(US_ASCII);
        try (WireClient client = connect()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            client.send(requests);
                        }
                    })
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void a_websocket_may_stay_silent() {
        try (WireClient client = WireClient.open(resound.port())) {
            client.expectSilence(Duration.ofMillis(3 * TIMEOUT_MILLIS));
        }
    }

    // The end.

    @Test
    void nothing_behind_a_rejected_handshake_is_processed() {
        String rejected = WireClient.request("Origin: null").replace("Version: 13", "Version: 12");
        try (WireClient client = connect().send(rejected + GET + WireClient.request())) {
            assertThat(toTheEnd(client)).singleElement().satisfies(reply -> {
                assertThat(reply.status()).isEqualTo(426);
                assertThat(reply.header("Connection")).isEqualTo("Upgrade, close");
            });
        }
    }

    @Test
    void a_response_reaches_a_client_that_is_still_sending() {
        byte[] body = new byte[1 << 20];
        try (WireClient client =
                connect().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n")) {
            client.sendInVain(body);
            assertThat(toTheEnd(client))
                    .singleElement()
                    .satisfies(reply -> assertThat(reply.status()).isEqualTo(405));
        }
    }

    @Test
    void the_end_of_a_rejected_handshake_reaches_a_client_that_is_still_sending() {
        byte[] frames = new byte[1 << 20];
        try (WireClient client = connect().send(WireClient.request().replace("/ws", "/nothing"))) {
            client.sendInVain(frames);
            assertThat(toTheEnd(client)).singleElement().satisfies(reply -> {
                assertThat(reply.status()).isEqualTo(404);
                assertThat(reply.isLast()).isTrue();
            });
        }
    }

    @Test
    void a_client_that_sends_on_without_end_is_cut_soon() {
        long start = System.nanoTime();
        byte[] more = new byte[1 << 16];
        try (WireClient client = connect().send("nonsense\r\n\r\n")) {
            client.expectStatus(400);
            assertThatThrownBy(() -> {
                        while (millisSince(start) < 20_000) {
                            client.send(more);
                        }
                    })
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void a_client_that_ends_its_side_behind_its_request_gets_the_response() {
        try (WireClient client = connect().send(GET).shutdownOutput()) {
            assertThat(toTheEnd(client))
                    .singleElement()
                    .satisfies(reply -> assertThat(reply.status()).isEqualTo(200));
        }
    }

    @Test
    void a_client_that_ends_its_side_behind_several_requests_gets_all_responses() {
        try (WireClient client = connect().send(GET.repeat(20)).shutdownOutput()) {
            assertThat(toTheEnd(client)).hasSize(20).allMatch(reply -> reply.status() == 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHo", GET + "GET / HT"})
    void half_a_request_at_the_end_of_the_input_is_none(String sent) {
        long start = System.nanoTime();
        try (WireClient client = connect().send(sent).shutdownOutput()) {
            assertThat(toTheEnd(client)).hasSize(sent.startsWith(GET) ? 1 : 0);
        }
        assertThat(millisSince(start)).isLessThan(TIMEOUT_MILLIS);
    }

    // Places.

    @Test
    void where_there_is_no_room_one_connection_ends_for_each_that_comes() {
        try (var server = GuardedServer.start(4, false)) {
            List<WireClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(server.connect().send("GET / HT"));
                server.awaitWaiting(i + 1);
            }
            clients.add(server.connect());
            assertTimedOut(clients.getFirst());
            server.awaitWaiting(4);
            for (WireClient client : clients.subList(1, 4)) {
                client.send("TP/1.1\r\nHost: a\r\n\r\n").expectStatus(200);
            }
            clients.getLast().send(GET).expectStatus(200);
            clients.forEach(WireClient::close);
        }
    }

    @Test
    void an_idle_connection_that_makes_room_ends_without_a_byte() {
        try (var server = GuardedServer.start(2, false);
                WireClient eldest = server.connect()) {
            server.awaitWaiting(1);
            eldest.send(GET).expectStatus(200).readBody();
            WireClient second = server.connect();
            server.awaitWaiting(2);
            WireClient third = server.connect();
            eldest.expectEnd();
            second.close();
            third.close();
            server.awaitWaiting(0);
        }
    }

    // Termination.

    @Test
    void while_the_service_terminates_each_response_is_the_last_but_what_is_on_its_way_is_answered() {
        try (var ending = RunningResound.start("drain.delay", "1m");
                WireClient client = WireClient.tcp(ending.port()).send(GET)) {
            assertThat(client.readHead()).doesNotContainIgnoringCase("connection:");
            client.readBody();
            ending.main().drain();
            for (int i = 0; i < 2; i++) {
                assertThat(client.send(GET).readHead()).containsIgnoringCase("\r\nconnection: close\r\n");
                client.readBody();
            }
            client.expectEnd();
            try (WireClient later =
                    WireClient.tcp(ending.managementPort()).send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")) {
                assertThat(toTheEnd(later)).singleElement().matches(HttpReply::isLast);
            }
        }
    }
}
