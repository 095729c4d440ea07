package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PingStampTest {

    private final PingStamp stamp = new PingStamp();

    @Test
    void a_pong_with_the_payload_of_the_ping_gives_the_time_between() {
        byte[] payload = stamp.next(-100);
        assertThat(stamp.roundTrip(payload, 50)).hasValue(150);
    }

    @Test
    void a_second_pong_to_the_same_ping_gives_nothing() {
        byte[] payload = stamp.next(1);
        assertThat(stamp.roundTrip(payload, 2)).isPresent();
        assertThat(stamp.roundTrip(payload, 3)).isEmpty();
    }

    @Test
    void a_pong_that_nobody_asked_for_gives_nothing() {
        assertThat(stamp.roundTrip(new byte[8], 1)).isEmpty();
        stamp.next(7);
        assertThat(stamp.roundTrip(new byte[0], 8)).isEmpty();
        assertThat(stamp.roundTrip(new byte[8], 8)).isEmpty();
        assertThat(stamp.roundTrip(new byte[125], 8)).isEmpty();
    }

    @Test
    void only_the_newest_ping_is_waited_for() {
        byte[] old = stamp.next(1);
        byte[] newest = stamp.next(2);
        assertThat(stamp.roundTrip(old, 3)).isEmpty();
        assertThat(stamp.roundTrip(newest, 4)).hasValue(2);
    }
}
