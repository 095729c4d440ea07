package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.ip.IpNetwork;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final int NO_LIMIT = 0;

    private static final IpNetwork A = client("192.0.2.1");
    private static final IpNetwork B = client("192.0.2.2");
    private static final IpNetwork C = client("2001:db8::/64");

    private final Admission admission = new Admission(configured -> configured == 0 ? 32 : configured, () -> false);

    @Test
    void without_a_configured_limit_the_derived_one_holds() {
        assertThat(admission.limit(0)).isEqualTo(32);
        assertThat(admission.limit(7)).isEqualTo(7);
    }

    @Test
    void a_place_can_be_taken_until_there_is_none_left_and_again_when_one_is_given_back() {
        assertThat(admission.tryAcquire(A, 2, NO_LIMIT)).isTrue();
        assertThat(admission.tryAcquire(B, 2, NO_LIMIT)).isTrue();
        assertThat(admission.tryAcquire(C, 2, NO_LIMIT)).isFalse();
        admission.release(A);
        assertThat(admission.tryAcquire(C, 2, NO_LIMIT)).isTrue();
        assertThat(admission.open()).isEqualTo(2);
    }

    @Test
    void the_limit_of_one_address_does_not_touch_the_others() {
        assertThat(admission.tryAcquire(A, 9, 1)).isTrue();
        assertThat(admission.tryAcquire(A, 9, 1)).isFalse();
        assertThat(admission.tryAcquire(B, 9, 1)).isTrue();
        assertThat(admission.open()).isEqualTo(2);
        admission.release(A);
        assertThat(admission.tryAcquire(A, 9, 1)).isTrue();
    }

    @Test
    void a_limit_that_is_set_later_counts_what_was_open_before() {
        assertThat(admission.tryAcquire(A, 9, NO_LIMIT)).isTrue();
        assertThat(admission.tryAcquire(A, 9, 1)).isFalse();
    }

    @Test
    void to_look_whether_there_is_room_takes_no_place() {
        assertThat(admission.hasRoom(A, 2, 1)).isTrue();
        assertThat(admission.open()).isZero();
        assertThat(admission.openFrom(A)).isZero();

        admission.tryAcquire(A, 2, 1);
        assertThat(admission.openFrom(A)).isEqualTo(1);
        assertThat(admission.hasRoom(A, 2, 1)).isFalse();
        assertThat(admission.hasRoom(A, 2, NO_LIMIT)).isTrue();
        assertThat(admission.hasRoom(B, 2, 1)).isTrue();
        assertThat(admission.hasRoom(B, 1, 1)).isFalse();
    }

    @Test
    void many_threads_never_take_more_places_than_there_are() {
        var taken = new AtomicInteger();
        var most = new AtomicInteger();
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            IpNetwork address = List.of(A, B, C).get(i % 3);
            if (admission.tryAcquire(address, 5, 3)) {
                most.accumulateAndGet(taken.incrementAndGet(), Math::max);
                taken.decrementAndGet();
                admission.release(address);
            }
        });
        assertThat(most.get()).isBetween(1, 5);
        assertThat(admission.open()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway")
    void an_attempt_that_fails_takes_nothing() {
        assertThatThrownBy(() -> admission.tryAcquire(null, 9, 9)).isInstanceOf(NullPointerException.class);
        assertThat(admission.open()).isZero();
    }

    @Test
    void an_attempt_that_is_refused_takes_nothing() {
        admission.tryAcquire(A, 1, 1);
        assertThat(admission.tryAcquire(A, 9, 1)).isFalse();
        assertThat(admission.tryAcquire(B, 1, 1)).isFalse();
        assertThat(admission.open()).isEqualTo(1);
        assertThat(admission.openFrom(A)).isEqualTo(1);
        assertThat(admission.openFrom(B)).isZero();
    }

    private static IpNetwork client(String text) {
        return IpNetwork.parse(text).orElseThrow();
    }
}
