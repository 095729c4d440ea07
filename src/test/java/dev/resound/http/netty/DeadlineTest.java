package dev.resound.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Duration TIME = Duration.ofSeconds(10);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int expired;
    private final Deadline deadline = new Deadline(channel, () -> expired++);

    @BeforeEach
    void time_stands_still() {
        channel.freezeTime();
        deadline.set(TIME);
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void it_expires_at_its_time_and_not_before() {
        pass(TIME.minusNanos(1));
        assertThat(expired).isZero();
        assertThat(deadline.left()).isEqualTo(Duration.ofNanos(1));
        pass(Duration.ofNanos(1));
        assertThat(expired).isOne();
        assertThat(deadline.left()).isZero();
        pass(TIME);
        assertThat(expired).isOne();
    }

    @Test
    void a_new_time_replaces_the_old_one() {
        pass(TIME.dividedBy(2));
        deadline.set(TIME);
        pass(TIME.dividedBy(2));
        assertThat(expired).isZero();
        pass(TIME.dividedBy(2));
        assertThat(expired).isOne();
    }

    @Test
    void a_cancelled_one_does_not_expire() {
        deadline.cancel();
        pass(TIME.multipliedBy(2));
        assertThat(expired).isZero();
    }

    @Test
    void a_short_delay_of_the_timer_changes_nothing() {
        pass(TIME.plusSeconds(1));
        assertThat(expired).isOne();
    }

    @Test
    void a_stall_of_the_service_gives_the_client_its_time_again() {
        pass(TIME.multipliedBy(3));
        assertThat(expired).isZero();
        assertThat(deadline.left()).isEqualTo(TIME);
        pass(TIME);
        assertThat(expired).isOne();
    }

    @Test
    void a_stall_that_is_long_for_a_short_time_counts_too() {
        Duration brief = Duration.ofMillis(100);
        deadline.set(brief);
        pass(brief.plusMillis(26));
        assertThat(expired).isZero();
        pass(brief);
        assertThat(expired).isOne();
    }
}
