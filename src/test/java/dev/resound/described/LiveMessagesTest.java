package dev.resound.described;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.FeedClient;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a running service says is what the schema describes, and nothing else. */
@Timeout(120)
class LiveMessagesTest {

    private static final FeedSchema PUBLISHED = FeedSchema.published();
    private static final FeedSchema STRICT = FeedSchema.strict();

    private static final List<String> CAUSES =
            List.of("client", "idle", "slow-consumer", "protocol-error", "invalid-payload", "too-big", "network");
    private static final List<String> REFUSALS =
            List.of("not-websocket", "version", "key", "method", "origin", "capacity");

    private static final int PER_ADDRESS = 8;
    private static final int SMALL_BUFFER = 4096;

    @Test
    void every_message_of_an_eventful_life_is_as_described() throws Exception {
        try (var resound = started();
                var reader = new FeedReader(resound)) {
            AsyncApi document = AsyncApi.of(resound);
            reader.await(message -> "sample".equals(message.getString("type"))); // One of before anything has happened.
            endInManyWays(resound.port(), document);
            beRefusedInManyWays(resound.port(), document);
            reader.await(message -> hasAll(message, "closed", CAUSES) && hasAll(message, "handshakes", REFUSALS));
            var drained = resound.main().drain();
            WireFrame close = reader.awaitClose();
            drained.await();
            refused(resound.port(), WireClient.request("Origin: https://client.com"), document.statusOf("draining"));
            assertThat(close.closeCode()).isEqualTo(document.codeOf("drain"));
            assertThat(reader.messages()).allSatisfy(STRICT::assertValid).allSatisfy(PUBLISHED::assertValid);
            assertEventful(reader.messages());
        }
    }

    /** Or else the schema would have had little to say. */
    private static void assertEventful(List<JsonObject> messages) {
        assertThat(messages.getFirst().getString("type")).isEqualTo("hello");
        assertThat(messages.stream().map(message -> message.getString("type")).distinct())
                .containsExactlyInAnyOrder("hello", "sample", "opened", "closed");
        // A reader that is behind gets no events, so not each of them has come.
        assertThat(messages.stream()
                        .filter(message -> message.getString("type").equals("closed"))
                        .map(message -> message.getString("cause"))
                        .distinct())
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(samples(messages)).anyMatch(sample -> sample.getBoolean("draining"));
        assertThat(samples(messages)).anyMatch(sample -> !sample.getBoolean("draining"));
        assertThat(samples(messages)
                        .map(sample -> sample.getJsonObject("duration").getValue("p99")))
                .contains((Object) null)
                .anyMatch(Objects::nonNull);
    }

    @Test
    void a_row_of_the_history_is_a_sample_again_when_it_is_put_back() throws Exception {
        try (var resound = started()) {
            JsonObject hello = await("two rows of history")
                    .until(
                            () -> helloAfterAMessage(resound),
                            said -> said.getJsonObject("history")
                                            .getJsonArray("rows")
                                            .size()
                                    >= 2);
            STRICT.assertValid(hello);
            for (JsonObject sample : putBack(hello)) {
                STRICT.assertValid(sample);
            }
        }
    }

    private static JsonObject helloAfterAMessage(RunningResound resound) {
        try (var client = WireClient.open(resound.port())) {
            client.send(WireFrame.text("hi"), WireFrame.close(1000)).readToEnd();
        }
        return hello(resound);
    }

    private static List<JsonObject> putBack(JsonObject hello) {
        JsonArray columns = hello.getJsonObject("history").getJsonArray("columns");
        return hello.getJsonObject("history").getJsonArray("rows").stream()
                .map(JsonArray.class::cast)
                .map(row -> {
                    assertThat(row).hasSameSizeAs(columns);
                    var sample = new JsonObject().put("type", "sample").put("instance", hello.getString("instance"));
                    for (int i = 0; i < columns.size(); i++) {
                        Place.of(sample, columns.getString(i)).put(row.getValue(i));
                    }
                    return sample;
                })
                .toList();
    }

    @Test
    void the_echo_greets_as_described_where_it_is_asked_to() {
        try (var resound = started();
                var client = WireClient.tcp(resound.port())) {
            client.send(WireClient.request("Sec-WebSocket-Protocol: resound.echo.v1"))
                    .expectUpgrade();
            STRICT.only("echoHello")
                    .assertValid(
                            new JsonObject(new String(client.readMessage(WireFrame.TEXT), StandardCharsets.UTF_8)));
        }
    }

    private static RunningResound started() {
        return RunningResound.start(
                "telemetry.interval",
                "200ms",
                "websocket.keep-alive-interval",
                "2s", // 2*X is more than a busy machine keeps a client waiting.
                "websocket.max-frame-size",
                "1KiB",
                "websocket.allowed-origins",
                "https://client.com",
                "websocket.max-connections-per-address",
                String.valueOf(PER_ADDRESS),
                "drain.delay",
                "1s",
                "drain.period",
                "1s");
    }

    private static JsonObject hello(RunningResound resound) {
        try (var client = FeedClient.open(resound.port())) {
            return client.next();
        }
    }

    private static void endInManyWays(int port, AsyncApi document) {
        var mute = WireClient.open(port);
        var stalled = WireClient.openWithReceiveBuffer(port, SMALL_BUFFER);
        Thread.startVirtualThread(() -> flood(stalled));
        WireClient.open(port)
                .send(WireFrame.text("hi"), WireFrame.close(1000))
                .expect(WireFrame.text("hi"), WireFrame.close(1000))
                .expectEnd();
        WireClient.open(port).send(WireFrame.text("hi").unmasked()).expectFailure(document.codeOf("protocol-error"));
        WireClient.open(port)
                .send(WireFrame.text(new byte[] {(byte) 0xFF}))
                .expectFailure(document.codeOf("invalid-payload"));
        WireClient.open(port)
                .send(WireFrame.binary(new byte[1025]).header(1025))
                .expectFailure(document.codeOf("too-big"));
        WireClient.open(port).reset();
        mute.expectFailure(document.codeOf("idle"));
    }

    /** Sends and never reads, until the server has had enough. */
    private static void flood(WireClient client) {
        byte[] frame = WireFrame.binary(new byte[1000]).bytes();
        try {
            while (true) {
                client.send(frame);
            }
        } catch (UncheckedIOException ended) {
            client.close();
        }
    }

    private static void beRefusedInManyWays(int port, AsyncApi document) {
        String good = WireClient.request();
        refused(port, good.replace("Upgrade: websocket\r\n", ""), document.statusOf("not-websocket"));
        refused(port, good.replace("Version: 13", "Version: 8"), document.statusOf("version"));
        refused(port, good.replace(WireClient.KEY, "bad"), document.statusOf("key"));
        refused(port, good.replace("GET ", "POST "), document.statusOf("method"));
        refused(port, WireClient.request("Origin: https://evil.example"), document.statusOf("origin"));
        List<WireClient> crowd = Stream.generate(
                        () -> WireClient.tcpFrom("127.0.0.2", port).handshake())
                .limit(PER_ADDRESS)
                .toList();
        WireClient.tcpFrom("127.0.0.2", port).send(good).expectStatus(document.statusOf("capacity"));
        crowd.forEach(WireClient::close);
    }

    private static void refused(int port, String request, int status) {
        try (var client = WireClient.tcp(port)) {
            client.send(request).expectStatus(status);
        }
    }

    private static boolean hasAll(JsonObject message, String totals, List<String> names) {
        return "sample".equals(message.getString("type"))
                && names.stream().allMatch(name -> message.getJsonObject(totals).getLong(name) > 0);
    }

    private static Stream<JsonObject> samples(List<JsonObject> messages) {
        return messages.stream().filter(message -> message.getString("type").equals("sample"));
    }
}
