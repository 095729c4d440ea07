package dev.resound.websocket.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireClient;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The assumptions of this package about the internals of Vert.x and Netty. If a new version breaks one, the message
 * names the class to adapt.
 */
@ExtendWith(VertxExtension.class)
class VertxInternalsTest {

    /** The pipelines of one connection. */
    private record Pipelines(List<String> before, List<String> after, boolean encoded, boolean decoded) {}

    private static Pipelines upgrade(Vertx vertx) throws Exception {
        var result = new CompletableFuture<Pipelines>();
        int port = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setHttp2ClearTextEnabled(false)
                        .setPerMessageWebSocketCompressionSupported(false))
                .requestHandler(request -> {
                    Channel channel = VertxConnections.channelOf(request.connection());
                    List<String> before = channel.pipeline().names();
                    boolean decoded = channel.pipeline().get(HttpRequestDecoder.class) != null;
                    boolean encoded = channel.pipeline().get(HttpResponseEncoder.class) != null;
                    request.toWebSocket()
                            .map(socket ->
                                    new Pipelines(before, channel.pipeline().names(), encoded, decoded))
                            .onSuccess(result::complete)
                            .onFailure(result::completeExceptionally);
                })
                .listen()
                .await()
                .actualPort();
        try (WireClient client = WireClient.tcp(port)) {
            client.send(WireClient.request()).expectUpgrade();
            return result.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_request_is_decoded_and_encoded_by_the_classes_of_netty(Vertx vertx) throws Exception {
        Pipelines pipelines = upgrade(vertx);
        assertThat(pipelines.decoded())
                .as("no HttpRequestDecoder in %s: adapt Http1Upgrade.upgrade", pipelines.before())
                .isTrue();
        assertThat(pipelines.encoded())
                .as("no HttpResponseEncoder in %s: adapt Http1Upgrade.removeHttp", pipelines.before())
                .isTrue();
    }

    @Test
    void an_upgrade_adds_the_frame_decoder_of_netty_under_its_name(Vertx vertx) throws Exception {
        assertThat(upgrade(vertx).after())
                .as("the frame decoder has another name: adapt Http1Upgrade.NETTY_DECODER")
                .contains("wsdecoder");
    }

    @Test
    void the_frame_decoder_replaces_the_first_http_decoder(Vertx vertx) throws Exception {
        assertThat(upgrade(vertx).after().getFirst())
                .as("Netty does not replace the first HttpRequestDecoder any more: adapt Http1Upgrade.Decoy")
                .isEqualTo("wsdecoder");
    }
}
