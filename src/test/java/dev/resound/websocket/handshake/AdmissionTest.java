package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final int NO_LIMIT = 0;

    private final Admission admission = new Admission(() -> 32, () -> false);

    @Test
    void without_a_configured_limit_the_derived_one_holds() {
        assertThat(admission.limit(0)).isEqualTo(32);
        assertThat(admission.limit(7)).isEqualTo(7);
    }

    @Test
    void a_place_can_be_taken_until_there_is_none_left_and_again_when_one_is_given_back() {
        assertThat(admission.tryAcquire("a", 2, NO_LIMIT)).isTrue();
        assertThat(admission.tryAcquire("b", 2, NO_LIMIT)).isTrue();
        assertThat(admission.tryAcquire("c", 2, NO_LIMIT)).isFalse();
        admission.release("a");
        assertThat(admission.tryAcquire("c", 2, NO_LIMIT)).isTrue();
        assertThat(admission.open()).isEqualTo(2);
    }

    @Test
    void the_limit_of_one_address_does_not_touch_the_others() {
        assertThat(admission.tryAcquire("a", 9, 1)).isTrue();
        assertThat(admission.tryAcquire("a", 9, 1)).isFalse();
        assertThat(admission.tryAcquire("b", 9, 1)).isTrue();
        assertThat(admission.open()).isEqualTo(2);
        admission.release("a");
        assertThat(admission.tryAcquire("a", 9, 1)).isTrue();
    }

    @Test
    void a_limit_that_is_set_later_counts_what_was_open_before() {
        assertThat(admission.tryAcquire("a", 9, NO_LIMIT)).isTrue();
        assertThat(admission.tryAcquire("a", 9, 1)).isFalse();
    }

    @Test
    void to_look_whether_there_is_room_takes_no_place() {
        assertThat(admission.hasRoom("a", 2, 1)).isTrue();
        assertThat(admission.open()).isZero();
        assertThat(admission.openFrom("a")).isZero();

        admission.tryAcquire("a", 2, 1);
        assertThat(admission.openFrom("a")).isEqualTo(1);
        assertThat(admission.hasRoom("a", 2, 1)).isFalse();
        assertThat(admission.hasRoom("a", 2, NO_LIMIT)).isTrue();
        assertThat(admission.hasRoom("b", 2, 1)).isTrue();
        assertThat(admission.hasRoom("b", 1, 1)).isFalse();
    }

    @Test
    void many_threads_never_take_more_places_than_there_are() {
        var taken = new AtomicInteger();
        var most = new AtomicInteger();
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            String address = "address " + i % 3;
            if (admission.tryAcquire(address, 5, 3)) {
                most.accumulateAndGet(taken.incrementAndGet(), Math::max);
                taken.decrementAndGet();
                admission.release(address);
            }
        });
        assertThat(most.get()).isBetween(1, 5);
        assertThat(admission.open()).isZero();
    }
}
