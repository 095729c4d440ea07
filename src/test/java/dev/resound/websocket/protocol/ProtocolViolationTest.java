package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProtocolViolationTest {

    @Test
    void it_has_no_stack_trace() {
        assertThat(ProtocolViolation.protocolError("rule").getStackTrace()).isEmpty();
    }

    @Test
    void its_close_code_depends_on_the_broken_rule() {
        assertThat(ProtocolViolation.protocolError("a").closeCause().code()).isEqualTo(1002);
        assertThat(ProtocolViolation.invalidPayload("a").closeCause().code()).isEqualTo(1007);
        assertThat(ProtocolViolation.tooBig("a").closeCause().code()).isEqualTo(1009);
        assertThat(ProtocolViolation.tooBig("the rule").rule()).isEqualTo("the rule");
    }
}
