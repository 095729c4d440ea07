package dev.resound.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private long now;
    private final LiveFeed.RateLimit limit = new LiveFeed.RateLimit(20, now);

    @Test
    void so_many_are_allowed_at_once_and_no_more() {
        assertThat(allowedOf(100)).isEqualTo(20);
    }

    @Test
    void a_second_later_as_many_are_allowed_again() {
        allowedOf(100);
        pass(Duration.ofSeconds(1));
        assertThat(allowedOf(100)).isEqualTo(20);
    }

    @Test
    void half_a_second_allows_half_of_them() {
        allowedOf(100);
        pass(Duration.ofMillis(500));
        assertThat(allowedOf(100)).isEqualTo(10);
    }

    @Test
    void what_was_not_used_is_not_saved_up() {
        pass(Duration.ofHours(1));
        assertThat(allowedOf(100)).isEqualTo(20);
    }

    private long allowedOf(int asked) {
        return IntStream.range(0, asked).filter(i -> limit.allows(now)).count();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
