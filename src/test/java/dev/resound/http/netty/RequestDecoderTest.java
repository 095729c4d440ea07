package dev.resound.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.Http1ServerConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {

    private static final String GET = "GET /%d HTTP/1.1\r\nHost: a\r\n\r\n";

    private final RequestDecoder decoder = new RequestDecoder(new Http1ServerConfig());
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private void next() {
        decoder.next(channel.pipeline().context(decoder));
    }

    /** The targets of the requests that were passed on since the last call. */
    private List<String> targets() {
        List<String> targets = new ArrayList<>();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof HttpRequest request) {
                targets.add(request.uri());
            }
            ReferenceCountUtil.release(message);
        }
        return targets;
    }

    @Test
    void one_request_is_decoded_at_a_time() {
        receive(GET.formatted(1) + GET.formatted(2) + GET.formatted(3).substring(0, 10));
        assertThat(targets()).containsExactly("/1");
        assertThat(decoder.isComplete()).isTrue();
        next();
        assertThat(targets()).containsExactly("/2");
        next();
        assertThat(targets()).isEmpty();
        assertThat(decoder.isComplete()).isFalse();
        assertThat(decoder.hasStarted()).isTrue();
        receive(GET.formatted(3).substring(10));
        assertThat(targets()).containsExactly("/3");
        assertThat(decoder.hasStarted()).isFalse();
    }

    @Test
    void what_waits_at_the_end_of_the_input_is_decoded_in_its_turn() {
        receive(GET.formatted(1) + GET.formatted(2) + GET.formatted(3) + "GET /4");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(targets()).containsExactly("/1");
        assertThat(decoder.hasMore()).isTrue();
        next();
        next();
        assertThat(targets()).containsExactly("/2", "/3");
        next();
        assertThat(targets()).isEmpty();
        assertThat(decoder.isComplete()).isFalse();
    }

    @Test
    void a_folded_field_is_refused_wherever_the_bytes_are_cut() {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n";
        for (int cut = 1; cut < request.length(); cut++) {
            var fresh = new EmbeddedChannel(new RequestDecoder(new Http1ServerConfig()));
            fresh.writeInbound(Unpooled.copiedBuffer(request.substring(0, cut), StandardCharsets.US_ASCII));
            fresh.writeInbound(Unpooled.copiedBuffer(request.substring(cut), StandardCharsets.US_ASCII));
            assertThat(fresh.<HttpRequest>readInbound().decoderResult().cause())
                    .as("cut at %d", cut)
                    .hasMessageContaining("9112 5.2");
            fresh.finishAndReleaseAll();
        }
    }

    @Test
    void a_body_may_look_like_a_folded_field() {
        receive("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n\n x\n y");
        HttpRequest request = channel.readInbound();
        assertThat(request.decoderResult().isSuccess()).isTrue();
        targets();
        next();
        receive("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n");
        receive("\n x\n y");
        request = channel.readInbound();
        assertThat(request.decoderResult().isSuccess()).isTrue();
    }

    @Test
    void the_body_belongs_to_its_request() {
        receive("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
        assertThat(targets()).containsExactly("/1");
        assertThat(decoder.isComplete()).isFalse();
        receive("c" + GET.formatted(2));
        assertThat(decoder.isComplete()).isTrue();
        assertThat(targets()).isEmpty();
        next();
        assertThat(targets()).containsExactly("/2");
    }

    @Test
    void empty_lines_do_not_start_a_request() {
        receive("\r\n\r\n");
        assertThat(decoder.hasStarted()).isFalse();
        receive("G");
        assertThat(decoder.hasStarted()).isTrue();
    }

    @Test
    void reading_pauses_while_many_bytes_wait_behind_a_request_and_goes_on_with_the_next() {
        receive(GET.formatted(1));
        receive("x".repeat(16 * 1024));
        assertThat(channel.config().isAutoRead()).isTrue();
        receive("x");
        assertThat(channel.config().isAutoRead()).isFalse();
        next();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void reading_goes_on_when_the_decoder_makes_way_for_a_websocket() {
        receive(GET.formatted(1));
        receive("x".repeat(20_000));
        channel.pipeline().remove(decoder);
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.<Object>readInbound()).isInstanceOf(HttpRequest.class);
        ReferenceCountUtil.release(channel.readInbound());
        ByteBuf rest = channel.readInbound();
        assertThat(rest.readableBytes()).isEqualTo(20_000);
        rest.release();
    }

    @Test
    void nothing_is_decoded_any_more_once_the_rest_is_discarded() {
        receive(GET.formatted(1) + GET.formatted(2));
        decoder.discard();
        next();
        receive(GET.formatted(3));
        assertThat(targets()).containsExactly("/1");
    }

    @Test
    void a_hundred_header_fields_are_allowed_and_no_more() {
        receive("GET / HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(99) + "\r\n");
        HttpRequest allowed = channel.readInbound();
        assertThat(allowed.decoderResult().isSuccess()).isTrue();
        ReferenceCountUtil.release(channel.<HttpContent>readInbound());
        next();
        receive("GET / HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(100) + "\r\n");
        HttpRequest refused = channel.readInbound();
        assertThat(refused.decoderResult().cause())
                .isInstanceOfSatisfying(
                        InvalidRequest.class,
                        cause -> assertThat(cause.status()).isEqualTo(431));
    }

    @Test
    void fields_in_a_trailer_count_too() {
        receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + "a: b\r\n".repeat(200)
                + "\r\n");
        assertThat(channel.<HttpRequest>readInbound().decoderResult().isSuccess())
                .isTrue();
        LastHttpContent last = channel.readInbound();
        assertThat(last.decoderResult().isFailure() || last.trailingHeaders().size() <= RequestDecoder.MAX_HEADERS)
                .isTrue();
        last.release();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
                "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"
            })
    void a_broken_rule_is_named_without_a_stack_trace(String request) {
        receive(request);
        HttpRequest refused = channel.readInbound();
        assertThat(refused.decoderResult().cause())
                .isInstanceOf(InvalidRequest.class)
                .hasMessageMatching(".*\\(RFC 91.*\\)");
        assertThat(refused.decoderResult().cause().getStackTrace()).isEmpty();
    }
}
