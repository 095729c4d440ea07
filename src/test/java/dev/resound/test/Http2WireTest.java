package dev.resound.test;

import static dev.resound.test.RawHttp2.DATA;
import static dev.resound.test.Waiting.await;
import static dev.resound.test.Waiting.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP/2 client of the tests, against Netty's own server. */
@Timeout(60)
class Http2WireTest {

    private static final int WINDOW = 8 * 1024;

    /** Sends back the data of each stream. What a request's headers ask for comes first. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        static final List<Http2Headers> REQUESTS = new CopyOnWriteArrayList<>();
        static final AtomicInteger ECHOED = new AtomicInteger();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2HeadersFrame head) {
                REQUESTS.add(head.headers());
                begin(ctx, head.headers());
            } else if (message instanceof Http2DataFrame data) {
                ECHOED.addAndGet(data.content().readableBytes());
                ctx.write(new DefaultHttp2DataFrame(data.content(), data.isEndStream()));
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        private static void begin(ChannelHandlerContext ctx, Http2Headers request) {
            if (request.contains("refuse")) {
                byte[] body = "no".getBytes(StandardCharsets.US_ASCII);
                ctx.write(new DefaultHttp2HeadersFrame(
                        new DefaultHttp2Headers().status("403").set("content-length", Integer.toString(body.length))));
                ctx.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
            } else {
                ctx.writeAndFlush(new DefaultHttp2HeadersFrame(
                        new DefaultHttp2Headers().status("200").set("x-name", "a value")));
            }
            if (request.contains("reset")) {
                // Not before the data is written: Netty lets a reset overtake it.
                ctx.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[] {'x'})))
                        .addListener(
                                written -> ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.ENHANCE_YOUR_CALM)));
            }
            ctx.channel().config().setAutoRead(!request.contains("deaf"));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable reset) {
            ctx.close();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
    }

    private EventLoopGroup loop;
    private Channel server;

    @BeforeEach
    void start() throws InterruptedException {
        Echo.REQUESTS.clear();
        Echo.ECHOED.set(0);
        loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                                .initialSettings(new Http2Settings().connectProtocolEnabled(true))
                                .build();
                        channel.pipeline().addLast(codec, new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                stream.pipeline().addLast(new Echo());
                            }
                        }));
                        widen(codec.connection());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    /** The window of the connection covers those of several streams. */
    private static void widen(io.netty.handler.codec.http2.Http2Connection connection) {
        try {
            connection.local().flowController().incrementWindowSize(connection.connectionStream(), 1 << 20);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close().sync();
        loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).sync();
    }

    private int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private Http2Connection connection(int window) {
        return Http2Connection.open(TestTransport.H2C, port(), window);
    }

    private WireClient open(String... headers) {
        return WireClient.tcp(port()).startHttp2().handshake(headers);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void a_handshake_is_an_extended_connect_without_headers_of_http1() {
        try (WireClient client = open("X-Name: Value", "Origin: https://a")) {
            assertThat(client.head()).isEqualTo("HTTP/2 200 \r\nx-name: a value\r\n\r\n");
        }
        Http2Headers request = Echo.REQUESTS.getFirst();
        assertThat(request.method()).hasToString("CONNECT");
        assertThat(request.get(":protocol")).hasToString("websocket");
        assertThat(request.path()).hasToString("/ws");
        assertThat(request.scheme()).hasToString("http");
        assertThat(request.authority()).hasToString("localhost");
        assertThat(request.get("sec-websocket-version")).hasToString("13");
        assertThat(request.get("x-name")).hasToString("Value");
        assertThat(request.get("origin")).hasToString("https://a");
        assertThat(request).hasSize(8);
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "1000, 100_000", "65_535, 1_000_000", "1_000_000, 1_000_000"})
    void all_bytes_come_back_through_windows_of_any_size(int window, int bytes) throws IOException {
        byte[] all = random(bytes);
        try (var connection = connection(window);
                WireClient client = connection.open()) {
            Thread.startVirtualThread(() -> client.send(all));
            assertThat(client.in().readNBytes(bytes)).isEqualTo(all);
        }
    }

    @Test
    void a_refusal_has_a_status_and_a_body_and_the_next_handshake_takes_a_new_stream() {
        try (WireClient client = WireClient.tcp(port()).startHttp2()) {
            client.requestUpgrade("Refuse: 1").expectStatus(403);
            assertThat(client.readBody()).isEqualTo("no");
            client.expectEnd();
            client.handshake().send("x").shutdownOutput();
            assertThat(client.readToEnd()).isEqualTo(new byte[] {'x'});
        }
    }

    @Test
    void the_end_of_the_output_is_the_end_of_the_stream() {
        try (WireClient client = open()) {
            client.send("last").shutdownOutput();
            assertThat(client.readToEnd()).asString().isEqualTo("last");
            assertThatThrownBy(() -> client.send("more")).hasMessageContaining("ended");
        }
    }

    @Test
    void a_reset_of_the_server_is_an_error_after_what_came_before() throws IOException {
        try (var connection = connection(WINDOW);
                WireClient client = connection.open("Reset: 1")) {
            assertThat(connection.awaitReset(1)).isEqualTo(11);
            assertThat(client.in().read()).isEqualTo('x');
            assertThatThrownBy(client.in()::read).hasMessageContaining("reset: 11");
            assertThatThrownBy(() -> client.send("x")).hasMessageContaining("reset: 11");
        }
    }

    @Test
    void the_end_of_the_connection_is_an_error_on_every_stream() throws IOException {
        try (var connection = connection(WINDOW)) {
            List<WireClient> clients = List.of(connection.open(), connection.open());
            connection.cut();
            for (WireClient client : clients) {
                assertThatThrownBy(client.in()::read).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void a_stream_that_is_not_read_makes_the_server_wait_and_no_other_stream() throws IOException {
        try (var connection = connection(WINDOW)) {
            WireClient unread = connection.open();
            Thread.startVirtualThread(() -> unread.sendInVain(random(1 << 20)));
            await("the server reads no more").during(Duration.ofMillis(200)).until(() -> {
                int before = Echo.ECHOED.get();
                pause(Duration.ofMillis(20));
                return before > WINDOW && before == Echo.ECHOED.get();
            });
            assertThat(Echo.ECHOED.get()).isLessThan(1 << 20);
            WireClient other = connection.open().send("hi").shutdownOutput();
            assertThat(other.readToEnd()).asString().isEqualTo("hi");
            assertThat(unread.in().readNBytes(1 << 20)).isEqualTo(random(1 << 20));
        }
    }

    @Test
    void a_server_that_does_not_read_makes_the_client_wait() {
        try (var connection = connection(WINDOW)) {
            WireClient client = connection.open("Deaf: 1");
            Thread writer = Thread.startVirtualThread(() -> client.sendInVain(random(1 << 20)));
            pause(Duration.ofMillis(300));
            assertThat(writer.isAlive()).isTrue();
            client.reset();
            await("the writer learns of the reset").until(() -> !writer.isAlive());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void silence_ends_in_a_timeout_of_the_client() {
        try (WireClient client = open()) {
            client.expectSilence(Duration.ofMillis(100));
        }
    }

    @Test
    void a_frame_that_no_client_may_send_can_be_sent() throws IOException {
        try (var connection = connection(WINDOW)) {
            connection.open();
            connection.raw().send(DATA, 0, 0, new byte[1]);
            assertThat(connection.awaitGoAway().error()).isEqualTo(1);
            connection.awaitEnd();
        }
    }
}
