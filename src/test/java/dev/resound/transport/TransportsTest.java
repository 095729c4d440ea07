package dev.resound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.resound.lifecycle.StartFailure;
import io.vertx.core.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportsTest {

    @Test
    void nio_can_always_be_had() {
        assertThat(Transports.select(TransportChoice.NIO).name()).isEqualTo("nio");
    }

    @Test
    void auto_takes_one_that_starts() {
        assertThat(Transports.select(TransportChoice.AUTO).available()).isTrue();
    }

    @Test
    void auto_prefers_io_uring_to_epoll_and_epoll_to_nio() {
        Transport auto = Transports.select(TransportChoice.AUTO);
        if (available(Transport.IO_URING)) {
            assertThat(auto.name()).isEqualTo("io_uring");
        } else if (available(Transport.EPOLL)) {
            assertThat(auto.name()).isEqualTo("epoll");
        } else {
            assertThat(auto.name()).isEqualTo("nio");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL"})
    void one_that_was_asked_for_by_name_is_never_replaced_by_another(TransportChoice choice) {
        Transport asked = choice == TransportChoice.EPOLL ? Transport.EPOLL : Transport.IO_URING;
        assumeThat(available(asked)).as("it is missing here").isFalse();
        assertThatThrownBy(() -> Transports.select(choice))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("transport %s is not available here: ", choice);
    }

    private static boolean available(Transport transport) {
        return transport != null && transport.available();
    }
}
