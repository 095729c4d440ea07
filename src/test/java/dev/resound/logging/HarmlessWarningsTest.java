package dev.resound.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

class HarmlessWarningsTest {

    private static final String IO_URING = "io.netty.channel.uring.IoUringIoHandler";

    private final LoggerContext context = new LoggerContext();

    private FilterReply decide(String logger, String message) {
        var event = new LoggingEvent("", context.getLogger(logger), Level.WARN, message, null, null);
        return new HarmlessWarnings().decide(event);
    }

    @Test
    void a_full_completion_queue_is_no_news() {
        assertThat(decide(IO_URING, "CompletionQueue overflow detected, consider increasing size: 4096 "))
                .isEqualTo(FilterReply.DENY);
    }

    @Test
    void other_faults_of_io_uring_are_logged() {
        assertThat(decide(IO_URING, "Unexpected exception in the IO event loop."))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void other_loggers_are_left_alone() {
        assertThat(decide("dev.resound.Service", "CompletionQueue overflow detected"))
                .isEqualTo(FilterReply.NEUTRAL);
    }
}
