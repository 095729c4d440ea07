package dev.resound.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepeatedFaultsTest {

    private static final String NETTY = "io.netty.channel.DefaultChannelPipeline";
    private static final String OURS = "dev.resound.tls.Certificates";

    private final LoggerContext context = new LoggerContext();
    private long now = Long.MAX_VALUE - 10; // System.nanoTime may wrap.
    private final RepeatedFaults faults = new RepeatedFaults(() -> now);

    private LoggingEvent event(String logger, Level level, String message) {
        return new LoggingEvent("", context.getLogger(logger), level, message, null, null);
    }

    private boolean passes(String logger, Level level, String message) {
        return faults.decide(event(logger, level, message)) != FilterReply.DENY;
    }

    private long passed(int times, String logger, String message) {
        return IntStream.range(0, times)
                .filter(i -> passes(logger, Level.WARN, message))
                .count();
    }

    private void later(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void a_library_gets_one_line_per_second_for_each_message() {
        assertThat(passed(10_000, NETTY, "a")).isEqualTo(1);
        assertThat(passed(10_000, NETTY, "b")).isEqualTo(1);
        assertThat(passed(10_000, "io.vertx.X", "a")).isEqualTo(1);
        later(999);
        assertThat(passed(10_000, NETTY, "a")).isZero();
        later(1);
        assertThat(passed(10_000, NETTY, "a")).isEqualTo(1);
    }

    @Test
    void the_next_line_tells_how_many_were_left_out() {
        passed(100, NETTY, "a");
        later(1000);
        LoggingEvent next = event(NETTY, Level.WARN, "a");
        faults.decide(next);
        assertThat(next.getKeyValuePairs())
                .extracting(pair -> pair.key, pair -> pair.value)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("suppressed", 99L));
        later(1000);
        LoggingEvent last = event(NETTY, Level.WARN, "a");
        faults.decide(last);
        assertThat(last.getKeyValuePairs()).isNullOrEmpty();
    }

    @Test
    void messages_that_differ_only_in_a_channel_a_number_or_a_hash_are_the_same() {
        assertThat(passed(1, NETTY, "Failed: [id: 0x1, L:/127.0.0.1]")).isEqualTo(1);
        assertThat(passed(1, NETTY, "Failed: [id: 0x2, L:/127.0.0.1]")).isZero();
        assertThat(passed(1, NETTY, "blocked for 17 ms")).isEqualTo(1);
        assertThat(passed(1, NETTY, "blocked for 18 ms")).isZero();
    }

    @Test
    void our_own_checks_may_report_several_problems_at_once_but_not_any_number() {
        assertThat(passed(10_000, OURS, "TLS certificate refused")).isEqualTo(10);
    }

    @Test
    void events_below_a_warning_are_not_limited() {
        assertThat(IntStream.range(0, 10_000).filter(i -> passes(OURS, Level.INFO, "connection opened")))
                .hasSize(10_000);
    }

    @Test
    void any_number_of_different_messages_costs_bounded_memory_and_few_lines() {
        long lines = IntStream.range(0, 100_000)
                .filter(i -> passes(NETTY, Level.WARN, unique(i)))
                .count();
        assertThat(lines).isLessThan(300);
    }

    /** In letters, as digits do not count. */
    private static String unique(int i) {
        return Integer.toString(i)
                .chars()
                .mapToObj(c -> String.valueOf((char) (c + 'a')))
                .toList()
                .toString()
                .substring(1);
    }

    @Test
    void what_was_left_out_of_a_fault_that_is_over_is_reported_once() {
        passed(100, NETTY, "a");
        try (var log = new dev.resound.test.CapturedLog(NETTY)) {
            faults.report();
            assertThat(log.lines()).isEmpty();
            later(1000);
            faults.report();
            faults.report();
            assertThat(log.lines())
                    .isEqualTo(List.of("WARN a repeated message was suppressed suppressed=99 message_start=a"));
        }
    }
}
