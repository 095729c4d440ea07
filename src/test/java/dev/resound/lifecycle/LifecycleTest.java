package dev.resound.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.lifecycle.Lifecycle.State;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void a_process_is_not_ready_before_everything_listens() {
        assertThat(lifecycle.state()).isEqualTo(State.STARTING);
        assertThat(lifecycle.ready()).isFalse();
    }

    @Test
    void it_is_ready_from_then_until_it_is_told_to_end() {
        lifecycle.moveTo(State.READY);
        assertThat(lifecycle.ready()).isTrue();
        assertThat(lifecycle.draining()).isFalse();
        lifecycle.moveTo(State.LEAVING);
        assertThat(lifecycle.ready()).isFalse();
        assertThat(lifecycle.draining()).isTrue();
    }

    @Test
    void it_refuses_nobody_while_load_balancers_catch_up() {
        lifecycle.moveTo(State.LEAVING);
        assertThat(lifecycle.refusing()).isFalse();
        lifecycle.moveTo(State.DRAINING);
        assertThat(lifecycle.refusing()).isTrue();
    }

    @Test
    void it_never_goes_back() {
        assertThat(lifecycle.moveTo(State.DRAINING)).isTrue();
        assertThat(lifecycle.moveTo(State.READY)).isFalse();
        assertThat(lifecycle.moveTo(State.DRAINING)).isFalse();
        assertThat(lifecycle.state()).isEqualTo(State.DRAINING);
    }

    @Test
    void a_start_that_was_abandoned_never_becomes_ready() {
        assertThat(lifecycle.abandonStart()).isTrue();
        assertThat(lifecycle.moveTo(State.READY)).isFalse();
        assertThat(lifecycle.ready()).isFalse();
    }

    @Test
    void what_was_ready_is_not_abandoned_but_drained() {
        lifecycle.moveTo(State.READY);
        assertThat(lifecycle.abandonStart()).isFalse();
        assertThat(lifecycle.ready()).isTrue();
        lifecycle.moveTo(State.LEAVING);
        assertThat(lifecycle.abandonStart()).isFalse();
    }
}
