package dev.resound.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.Metric;
import dev.resound.telemetry.OpenConnections;
import dev.resound.telemetry.TelemetrySample;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryFormatTest {

    /** The lines of the first version, and their checksum. */
    private static final int FIRST_LINES = 91;

    private static final long CHECKSUM = 3828620474L;

    /** An entry with another number in each place. */
    private static Entry full() {
        var number = new AtomicLong();
        return new Entry(
                new Entry.Source("pod-a.example:8080", -42),
                "1.0.0-rc.1+7",
                Entry.State.DRAINING,
                Duration.ofMillis(1_234_567),
                Duration.ofMillis(250),
                CounterSnapshot.from(
                        (metric, column) -> metric.columns().get(column).equals("nanos") ? 0 : number.addAndGet(1000)),
                OpenConnections.of((kind, http) -> number.addAndGet(1000)),
                4096,
                new TelemetrySample.Lag(Duration.ofNanos(5_000), Duration.ofNanos(7_123_000)),
                12_345_678,
                EntryFormat.MAX_VALUE);
    }

    @Test
    void an_entry_is_read_as_it_was_written() {
        assertThat(EntryFormat.decode(EntryFormat.encode(full()))).contains(full());
        Entry idle = Entries.of("a", 1, Duration.ofSeconds(1), 0);
        assertThat(EntryFormat.decode(EntryFormat.encode(idle))).contains(idle);
    }

    @Test
    void an_entry_has_at_most_200_bytes_where_an_instance_is_busy_and_70_where_it_is_idle() {
        Entry busy = Entries.of("resound-7d9f8b6c5-x2x4z", Long.MAX_VALUE, Duration.ofDays(10), 1_000_000_000);
        assertThat(EntryFormat.encode(busy)).hasSizeLessThan(200);
        assertThat(EntryFormat.encode(Entries.of("resound-7d9f8b6c5-x2x4z", 1, Duration.ofDays(10), 0)))
                .hasSizeLessThan(90);
    }

    @Test
    void the_longest_entry_is_not_too_long_to_be_read() {
        Entry longest = new Entry(
                new Entry.Source("x".repeat(100), 1),
                "v".repeat(50),
                Entry.State.LIVE,
                Duration.ofMillis(EntryFormat.MAX_VALUE),
                Duration.ofHours(1),
                CounterSnapshot.from(
                        (metric, column) -> metric.columns().get(column).equals("nanos") ? 0 : EntryFormat.MAX_VALUE),
                OpenConnections.of((kind, http) -> EntryFormat.MAX_VALUE),
                EntryFormat.MAX_VALUE,
                TelemetrySample.Lag.NONE,
                EntryFormat.MAX_VALUE,
                EntryFormat.MAX_VALUE);
        byte[] bytes = EntryFormat.encode(longest);
        assertThat(bytes).hasSizeLessThan(EntryFormat.MAX_BYTES / 2);
        assertThat(EntryFormat.decode(bytes)).contains(longest);
    }

    @Test
    void a_reader_ignores_columns_of_later_versions() {
        byte[] known = EntryFormat.encode(full());
        byte[] later = Arrays.copyOf(known, known.length + 2);
        later[known.length] = 100;
        later[known.length + 1] = 7;
        assertThat(EntryFormat.decode(later)).contains(full());
    }

    @Test
    void every_counter_has_a_column_and_no_column_has_two() {
        List<String> lines = EntryColumns.lines();
        assertThat(EntryColumns.needed().filter(column -> !lines.contains(column)))
                .as("append these lines to columns.txt")
                .isEmpty();
        assertThat(new HashSet<>(lines)).hasSameSizeAs(lines);
    }

    /** Instances of different versions share a stream. */
    @Test
    void the_columns_keep_their_numbers() {
        var checksum = new CRC32();
        EntryColumns.lines().stream()
                .limit(FIRST_LINES)
                .forEach(line -> checksum.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        assertThat(checksum.getValue()).as("a line of columns.txt has changed").isEqualTo(CHECKSUM);
    }

    @Test
    void a_name_for_which_there_is_no_room_becomes_unknown() {
        assertThat(EntryFormat.name("pod-a")).isEqualTo("pod-a");
        assertThat(EntryFormat.name("x".repeat(101))).isEqualTo("unknown");
        assertThat(EntryFormat.name("pod ä")).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "<b>", "\u0000", "\u0085"})
    void a_name_that_no_instance_may_have_is_rejected(String name) {
        assertThat(EntryFormat.decode(entry("a", "1.0.0", 0, 2, 1000))).isPresent();
        assertThat(EntryFormat.decode(entry(name, "1.0.0", 0, 2, 1000))).isEmpty();
        assertThat(EntryFormat.decode(entry("a", name, 0, 2, 1000))).isEmpty();
    }

    static Stream<long[]> impossible() {
        return Stream.of(
                new long[] {3, 2, 1000}, // No such state.
                new long[] {-1, 2, 1000},
                new long[] {0, 2, 3_600_001}, // An interval longer than an hour.
                new long[] {0, 1, 1000}, // No interval.
                new long[] {0, 2, 1000, 0, 5}, // The same column again.
                new long[] {0, 2, 1000, 100_000, 5}, // A column with too large a number.
                new long[] {0, 2, 1000, 10, EntryFormat.MAX_VALUE + 1}, // Too large for a sum.
                new long[] {0, 2, 1000, 10, Long.MAX_VALUE},
                new long[] {0, 2, 1000, Long.MAX_VALUE, 1},
                new long[] {0, 2, 1000, 10, 0});
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void numbers_that_no_instance_writes_are_rejected(long... stateAndColumns) {
        assertThat(EntryFormat.decode(entry(
                        "a",
                        "1.0.0",
                        (int) stateAndColumns[0],
                        Arrays.copyOfRange(stateAndColumns, 1, stateAndColumns.length))))
                .isEmpty();
    }

    @Test
    void nothing_that_is_cut_off_or_too_long_is_read_and_nothing_fails() {
        byte[] good = EntryFormat.encode(full());
        for (int length = 0; length < good.length; length++) {
            EntryFormat.decode(Arrays.copyOf(good, length));
        }
        assertThat(EntryFormat.decode(Arrays.copyOf(good, good.length - 1))).isEmpty();
        assertThat(EntryFormat.decode(Arrays.copyOf(good, EntryFormat.MAX_BYTES + 1)))
                .isEmpty();
        var random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = good.clone();
            for (int j = random.nextInt(5); j >= 0; j--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            }
            EntryFormat.decode(noise)
                    .ifPresent(read ->
                            assertThat(read.counts().of(Metric.HANDSHAKES)).isNotNegative());
        }
    }

    /** @param columns the step to each column, and its value */
    private static byte[] entry(String name, String version, int state, long... columns) {
        var bytes = new ByteArrayOutputStream();
        for (String text : List.of(name, version)) {
            byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
            bytes.write(latin.length);
            bytes.writeBytes(latin);
        }
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(1).array());
        bytes.write(state);
        for (long number : columns) {
            varint(bytes, number);
        }
        return bytes.toByteArray();
    }

    private static void varint(ByteArrayOutputStream to, long value) {
        long rest = value;
        while (rest > 0x7F) {
            to.write((byte) (rest | 0x80));
            rest >>>= 7;
        }
        to.write((byte) rest);
    }
}
