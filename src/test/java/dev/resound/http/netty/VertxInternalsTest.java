package dev.resound.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.netty.VertxConnections;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What this package assumes about the internals of Vert.x. If a new version breaks an assumption, the message names the classes to adapt. */
@ExtendWith(VertxExtension.class)
class VertxInternalsTest {

    @Test
    void a_new_http_1_connection_has_the_decoder_and_the_encoder_of_netty_in_its_pipeline(Vertx vertx)
            throws Exception {
        var pipeline = new CompletableFuture<ChannelPipeline>();
        int port = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0).setHttp2ClearTextEnabled(false))
                .connectionHandler(connection ->
                        pipeline.complete(VertxConnections.channelOf(connection).pipeline()))
                .requestHandler(request -> request.response().end())
                .listen()
                .await()
                .actualPort();
        try (var client = new Socket("127.0.0.1", port)) {
            assertThat(client.isConnected()).isTrue();
            ChannelPipeline handlers = pipeline.get(10, TimeUnit.SECONDS);
            assertPresent(handlers, HttpRequestDecoder.class);
            assertPresent(handlers, HttpResponseEncoder.class);
        }
    }

    private static void assertPresent(ChannelPipeline pipeline, Class<? extends ChannelHandler> handler) {
        assertThat(pipeline.get(handler))
                .as(
                        "this version of Vert.x has no %s in %s: adapt Http1Gate and RequestDecoder",
                        handler.getSimpleName(), pipeline.names())
                .isNotNull();
    }
}
