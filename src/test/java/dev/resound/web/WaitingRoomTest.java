package dev.resound.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {

    private int places = 2;
    private final WaitingRoom room = new WaitingRoom(() -> places);

    private EmbeddedChannel connect() {
        return new EmbeddedChannel(
                new HttpResponseEncoder(), new RequestDeadline(Duration.ofHours(1), Duration.ofHours(1), room));
    }

    @Test
    void where_one_comes_too_many_the_one_that_has_waited_the_longest_is_timed_out() {
        EmbeddedChannel eldest = connect();
        EmbeddedChannel second = connect();
        assertThat(eldest.isOpen()).isTrue();
        EmbeddedChannel youngest = connect();
        ByteBuf answer = eldest.readOutbound();
        assertThat(answer.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 408 ");
        assertThat(eldest.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(youngest.isOpen()).isTrue();
    }

    @Test
    void one_that_ends_gives_its_place_back() {
        EmbeddedChannel first = connect();
        connect().close();
        connect();
        assertThat(first.isOpen()).isTrue();
    }

    @Test
    void the_places_are_those_of_now() {
        EmbeddedChannel eldest = connect();
        connect();
        places = 3;
        connect();
        assertThat(eldest.isOpen()).isTrue();
    }
}
