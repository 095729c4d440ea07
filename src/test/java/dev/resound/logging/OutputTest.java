package dev.resound.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** A descriptor whose reader the test plays. */
    private static class Target implements WritableByteChannel {

        final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            byte[] taken = new byte[bytes.remaining()];
            bytes.get(taken);
            synchronized (written) {
                written.write(taken);
            }
            return taken.length;
        }

        List<String> lines() {
            synchronized (written) {
                return written.toString(UTF_8).lines().toList();
            }
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Nothing is read until the gate opens. */
    private static class Unread extends Target {

        final CountDownLatch gate = new CountDownLatch(1);
        final CountDownLatch blocked = new CountDownLatch(1);

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            blocked.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return super.write(bytes);
        }
    }

    private final AtomicLong reported = new AtomicLong();
    private final Semaphore reports = new Semaphore(0);

    private Output output(Target target, int capacity) {
        return Output.start(
                "test",
                target,
                capacity,
                lines -> {
                    reported.addAndGet(lines);
                    reports.release();
                },
                () -> {});
    }

    private static void line(Output output, String text) {
        byte[] bytes = (text + "\n").getBytes(UTF_8);
        output.write(bytes, 0, bytes.length);
    }

    @Test
    void lines_are_passed_on_in_their_order() throws Exception {
        var target = new Target();
        Output output = output(target, 1000);
        line(output, "one");
        line(output, "two");
        output.await(LONG);
        assertThat(target.lines()).containsExactly("one", "two");
        assertThat(output.dropped()).isZero();
    }

    @Test
    void nobody_waits_for_a_target_that_is_not_read_and_what_does_not_fit_is_counted() throws Exception {
        var target = new Unread();
        Output output = output(target, 10);
        line(output, "first");
        target.blocked.await();
        line(output, "fits");
        line(output, "does not fit");
        for (int i = 0; i < 100_000; i++) {
            line(output, "x");
        }
        assertThat(output.dropped()).isEqualTo(100_001);
        output.await(Duration.ofMillis(10)); // Gives up.
        assertThat(target.lines()).isEmpty();
    }

    @Test
    void once_it_is_read_again_one_report_tells_how_many_lines_are_missing() throws Exception {
        var target = new Unread();
        Output output = output(target, 10);
        line(output, "first");
        target.blocked.await();
        line(output, "second");
        line(output, "dropped");
        line(output, "x");
        target.gate.countDown();
        reports.acquire();
        assertThat(reported).hasValue(2);
        line(output, "third");
        output.await(LONG);
        assertThat(target.lines()).containsExactly("first", "second", "third");
        assertThat(reports.availablePermits()).isZero();
    }

    @Test
    void a_line_that_cannot_be_written_is_lost_and_the_next_one_is_not() throws Exception {
        var target = new Target() {
            private int failures = 3;

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                if (failures-- > 0) {
                    throw new IOException("No space left on device");
                }
                return super.write(bytes);
            }
        };
        Output output = output(target, 1000);
        for (String text : List.of("1", "2", "3", "4")) {
            line(output, text);
            output.await(LONG);
        }
        assertThat(target.lines()).containsExactly("4");
        assertThat(output.dropped()).isEqualTo(3);
        reports.acquire();
        assertThat(reported).hasValue(3);
    }

    @Test
    void a_line_that_was_written_in_part_does_not_run_into_the_next_one() throws Exception {
        var target = new Target() {
            private int call;

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                call++;
                if (call == 2) {
                    throw new IOException("No space left on device");
                }
                return super.write(call == 1 ? bytes.limit(4) : bytes);
            }
        };
        Output output = output(target, 1000);
        line(output, "first line");
        output.await(LONG);
        line(output, "second line");
        output.await(LONG);
        assertThat(target.lines()).containsExactly("firs", "second line");
    }

    @Test
    void a_descriptor_that_does_not_block_and_takes_nothing_for_a_while_loses_nothing() throws Exception {
        var target = new Target() {
            private int call;

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                return call++ < 3 ? 0 : super.write(bytes);
            }
        };
        Output output = output(target, 1000);
        line(output, "late");
        output.await(LONG);
        assertThat(target.lines()).containsExactly("late");
        assertThat(output.dropped()).isZero();
    }

    @Test
    void a_line_longer_than_a_chunk_stays_whole() throws Exception {
        var target = new Target();
        Output output = output(target, 1_000_000);
        String text = "0123456789".repeat(5_000);
        line(output, text);
        output.await(LONG);
        assertThat(target.lines()).containsExactly(text);
    }

    @Test
    void lines_that_wait_leave_in_one_write() throws Exception {
        var target = new Unread() {
            final AtomicLong writes = new AtomicLong();

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                int written = super.write(bytes);
                writes.incrementAndGet();
                return written;
            }
        };
        Output output = output(target, 1000);
        line(output, "first");
        target.blocked.await();
        line(output, "second");
        line(output, "third");
        target.gate.countDown();
        output.await(LONG);
        assertThat(target.lines()).containsExactly("first", "second", "third");
        assertThat(target.writes).hasValue(2);
    }

    /** A pause after each chunk would take 10 s here, and lines of a busy service would be dropped. */
    @Test
    void many_lines_leave_without_a_pause() throws Exception {
        var target = new Unread();
        Output output = output(target, 64_000_000);
        String text = "x".repeat(999);
        line(output, text);
        target.blocked.await();
        for (int i = 1; i < 32_000; i++) {
            line(output, text);
        }
        target.gate.countDown();
        output.await(Duration.ofSeconds(5));
        assertThat(target.lines()).hasSize(32_000);
    }

    @Test
    void of_lines_that_leave_together_those_after_a_failure_are_lost_and_counted() throws Exception {
        var target = new Unread() {
            private int call;

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                return switch (call++) {
                    case 1 -> super.write(bytes.limit("second\nthi".length()));
                    case 2 -> throw new IOException("No space left on device");
                    default -> super.write(bytes);
                };
            }
        };
        Output output = output(target, 1000);
        line(output, "first");
        target.blocked.await();
        for (String text : List.of("second", "third", "fourth")) {
            line(output, text);
        }
        target.gate.countDown();
        output.await(LONG);
        assertThat(output.dropped()).isEqualTo(2);
        line(output, "fifth");
        output.await(LONG);
        assertThat(target.lines()).containsExactly("first", "second", "thi", "fifth");
        reports.acquire();
        assertThat(reported).hasValue(2);
    }
}
