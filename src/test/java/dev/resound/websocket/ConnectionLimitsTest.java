package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.ip.IpNetwork;
import dev.resound.websocket.handshake.Room;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {

    private static final int NO_LIMIT = 0;

    private static final IpNetwork A = client("192.0.2.1");
    private static final IpNetwork B = client("192.0.2.2");
    private static final IpNetwork C = client("2001:db8::/64");

    private final ConnectionLimits limits =
            new ConnectionLimits(configured -> configured == 0 ? 32 : configured, () -> false);

    @Test
    void without_a_configured_limit_the_derived_one_applies() {
        assertThat(limits.limit(0)).isEqualTo(32);
        assertThat(limits.limit(7)).isEqualTo(7);
    }

    @Test
    void places_can_be_acquired_up_to_the_limit_and_again_after_a_release() {
        assertThat(limits.tryAcquire(A, 2, NO_LIMIT)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.tryAcquire(B, 2, NO_LIMIT)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.tryAcquire(C, 2, NO_LIMIT)).isEqualTo(Room.FULL);
        limits.release(A);
        assertThat(limits.tryAcquire(C, 2, NO_LIMIT)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.open()).isEqualTo(2);
    }

    @Test
    void the_limit_of_one_address_does_not_affect_others() {
        assertThat(limits.tryAcquire(A, 9, 1)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.tryAcquire(A, 9, 1)).isEqualTo(Room.FULL_FOR_CLIENT);
        assertThat(limits.tryAcquire(B, 9, 1)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.open()).isEqualTo(2);
        limits.release(A);
        assertThat(limits.tryAcquire(A, 9, 1)).isEqualTo(Room.AVAILABLE);
    }

    @Test
    void a_limit_that_is_set_later_counts_connections_that_are_already_open() {
        assertThat(limits.tryAcquire(A, 9, NO_LIMIT)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.tryAcquire(A, 9, 1)).isEqualTo(Room.FULL_FOR_CLIENT);
    }

    @Test
    void checking_for_room_acquires_no_place() {
        assertThat(limits.room(A, 2, 1)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.open()).isZero();
        assertThat(limits.openFrom(A)).isZero();

        limits.tryAcquire(A, 2, 1);
        assertThat(limits.openFrom(A)).isEqualTo(1);
        assertThat(limits.room(A, 2, 1)).isEqualTo(Room.FULL_FOR_CLIENT);
        assertThat(limits.room(A, 2, NO_LIMIT)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.room(B, 2, 1)).isEqualTo(Room.AVAILABLE);
        assertThat(limits.room(B, 1, 1)).isEqualTo(Room.FULL);
    }

    @Test
    void concurrent_threads_never_acquire_more_places_than_the_limit() {
        var taken = new AtomicInteger();
        var most = new AtomicInteger();
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            IpNetwork address = List.of(A, B, C).get(i % 3);
            if (limits.tryAcquire(address, 5, 3) == Room.AVAILABLE) {
                most.accumulateAndGet(taken.incrementAndGet(), Math::max);
                taken.decrementAndGet();
                limits.release(address);
            }
        });
        assertThat(most.get()).isBetween(1, 5);
        assertThat(limits.open()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway")
    void an_attempt_that_throws_acquires_no_place() {
        assertThatThrownBy(() -> limits.tryAcquire(null, 9, 9)).isInstanceOf(NullPointerException.class);
        assertThat(limits.open()).isZero();
    }

    @Test
    void a_refused_attempt_acquires_no_place() {
        limits.tryAcquire(A, 1, 1);
        assertThat(limits.tryAcquire(A, 9, 1)).isEqualTo(Room.FULL_FOR_CLIENT);
        assertThat(limits.tryAcquire(B, 1, 1)).isEqualTo(Room.FULL);
        assertThat(limits.open()).isEqualTo(1);
        assertThat(limits.openFrom(A)).isEqualTo(1);
        assertThat(limits.openFrom(B)).isZero();
    }

    @Test
    void while_memory_is_short_no_place_is_acquired_even_if_one_is_free() {
        var overloaded = new AtomicBoolean(true);
        var guarded = new ConnectionLimits(configured -> configured, overloaded::get);
        assertThat(guarded.room(A, 9, 1)).isEqualTo(Room.OVERLOADED);
        assertThat(guarded.tryAcquire(A, 9, 1)).isEqualTo(Room.OVERLOADED);
        assertThat(guarded.open()).isZero();
        overloaded.set(false);
        assertThat(guarded.tryAcquire(A, 9, 1)).isEqualTo(Room.AVAILABLE);
    }

    private static IpNetwork client(String text) {
        return IpNetwork.parse(text).orElseThrow();
    }
}
