package dev.resound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.HttpReply;
import dev.resound.test.OnEveryHttp1Transport;
import dev.resound.test.RunningResound;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** HTTP behaviour that depends on how a transport reads, shuts down and closes. */
@SuppressWarnings("NullAway.Init") // NullAway does not know what is called before an invocation of a class.
@OnEveryHttp1Transport
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
record HttpTransportsTest(TestTransport transport) {

    private static final String GET = "GET /favicon.svg HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LAST = "GET /favicon.svg HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static RunningResound plain;
    private static RunningResound proxied;

    @BeforeParameterizedClassInvocation
    static void start(TestTransport transport) {
        plain = RunningResound.start(transport, "websocket.handshake-timeout", "300ms");
        proxied = RunningResound.start(transport, "http.proxy-protocol", "true");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        plain.close();
        proxied.close();
    }

    private static List<HttpReply> exchange(String text) {
        try (WireClient client = plain.connect()) {
            return HttpReply.all(client.sendInVain(text.getBytes(StandardCharsets.ISO_8859_1))
                    .readToEnd());
        }
    }

    @Test
    void pipelined_requests_are_all_answered() {
        assertThat(exchange(GET.repeat(500) + LAST)).hasSize(501).allMatch(reply -> reply.status() == 200);
    }

    @Test
    void requests_in_front_of_the_end_of_the_input_are_all_answered() {
        try (WireClient client = plain.connect().send(GET.repeat(500)).shutdownOutput()) {
            assertThat(HttpReply.all(client.readToEnd())).hasSize(500);
        }
    }

    @Test
    void the_last_response_arrives_though_much_is_sent_behind_the_request() {
        String body = "x".repeat(1 << 20);
        assertThat(exchange("nonsense\r\n\r\n" + body)).singleElement().matches(reply -> reply.status() == 400);
        assertThat(exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n" + body))
                .singleElement()
                .matches(reply -> reply.status() == 405);
    }

    @Test
    void half_a_request_gets_408_once_and_silence_nothing() {
        assertThat(exchange("GET / HT")).singleElement().matches(reply -> reply.status() == 408);
        assertThat(exchange("")).isEmpty();
    }

    @Test
    void a_websocket_may_follow_a_proxy_header_and_send_at_once() {
        byte[] header = HexFormat.of().parseHex("0D0A0D0A000D0A515549540A2111000CC63364017F00000112671F90");
        try (WireClient client = transport.begin(WireClient.tcp(proxied.port()).send(header))) {
            client.handshake();
        }
    }
}
