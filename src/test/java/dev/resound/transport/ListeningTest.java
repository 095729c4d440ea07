package dev.resound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.lifecycle.StartFailure;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which addresses a listening socket has, on each transport. */
class ListeningTest {

    private static final int PATIENCE_MILLIS = 5000;

    private static Vertx vertx(TransportChoice choice) {
        try {
            Transport transport = Transports.select(choice);
            return Vertx.builder().withTransport(transport).build();
        } catch (StartFailure absent) {
            Assumptions.abort(String.valueOf(absent.getMessage()));
            throw absent;
        }
    }

    private static int listen(Vertx vertx, String host) {
        Transports.listenOn(vertx, host);
        NetServer server = vertx.createNetServer()
                .connectHandler(socket -> {})
                .listen(0, host)
                .await();
        return server.actualPort();
    }

    private static boolean connects(String address, int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), PATIENCE_MILLIS);
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void the_wildcard_of_ipv4_listens_on_ipv4_only(TransportChoice choice) throws IOException {
        Vertx vertx = vertx(choice);
        try {
            int port = listen(vertx, "0.0.0.0");
            assertThat(connects("127.0.0.1", port)).isTrue();
            assertThatThrownBy(() -> connects("::1", port)).isInstanceOf(IOException.class);
        } finally {
            vertx.close().await();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void the_wildcard_of_ipv6_listens_on_both_also_after_one_of_ipv4(TransportChoice choice) throws IOException {
        Vertx vertx = vertx(choice);
        try {
            listen(vertx, "127.0.0.1");
            int port = listen(vertx, "::");
            assertThat(connects("127.0.0.1", port)).isTrue();
            assertThat(connects("::1", port)).isTrue();
        } finally {
            vertx.close().await();
        }
    }
}
