package dev.resound.fleet;

import dev.resound.fleet.EntryColumns.Gauge;
import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.Metric;
import dev.resound.telemetry.OpenConnections;
import dev.resound.telemetry.TelemetrySample;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The binary form of an {@link Entry}, version 1:
 *
 * <pre>
 * entry  = name version start state *( column value )
 * name, version = length (one byte), text in ASCII
 * start  = 8 bytes
 * state  = one byte
 * column = varint: the difference to the previous column
 * value  = varint: larger than 0; a column that is missing is 0
 * </pre>
 *
 * <p>A varint is that of protocol buffers: groups of seven bits, the lowest first. The file {@code columns.txt} numbers the columns from 1.
 * Versions of the service that differ by a few counters read each other: a reader ignores columns that it does not know.
 */
final class EntryFormat {

    /** The field of the stream with an entry of this version. Readers ignore others. */
    static final String FIELD = "1";

    /** A longer entry is rejected. The longest that this version can write has about 1,500 bytes. */
    static final int MAX_BYTES = 4096;

    /** A larger value is rejected, so that sums over {@link FleetView#MOST} instances fit into a long. */
    static final long MAX_VALUE = (1L << 52) - 1;

    private static final int MAX_COLUMN = 100_000;
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    private static final Pattern NAME = Pattern.compile("[\\w.:@/-]{1,100}");
    private static final Pattern VERSION = Pattern.compile("[\\w.+-]{1,50}");
    private static final Entry.State[] STATES = Entry.State.values();

    private static final EntryFormat FORMAT = new EntryFormat();

    private final EntryColumns columns = new EntryColumns();
    private final int size = columns.size();

    /** The name of an instance, or {@code unknown} if the format has no room for it. */
    static String name(String instance) {
        return NAME.matcher(instance).matches() ? instance : "unknown";
    }

    static byte[] encode(Entry entry) {
        return FORMAT.write(entry);
    }

    /** Reads an entry; empty if it is not a valid one. */
    static Optional<Entry> decode(byte[] bytes) {
        return bytes.length > MAX_BYTES ? Optional.empty() : FORMAT.read(ByteBuffer.wrap(bytes));
    }

    private byte[] write(Entry entry) {
        ByteBuffer to = ByteBuffer.allocate(MAX_BYTES);
        writeText(to, entry.source().name());
        writeText(to, entry.version());
        to.putLong(entry.source().start());
        to.put((byte) List.of(STATES).indexOf(entry.state()));
        long[] values = values(entry);
        int previous = 0;
        for (int column = 1; column < size; column++) {
            if (values[column] > 0) {
                writeVarint(to, column - previous);
                writeVarint(to, Math.min(values[column], MAX_VALUE));
                previous = column;
            }
        }
        return Arrays.copyOf(to.array(), to.position());
    }

    private long[] values(Entry entry) {
        long[] values = new long[size];
        for (Gauge gauge : Gauge.values()) {
            values[columns.of(gauge)] = switch (gauge) {
                case UPTIME_MILLIS -> entry.uptime().toMillis();
                case INTERVAL_MILLIS -> entry.interval().toMillis();
                case CONNECTIONS_LIMIT -> entry.connectionsLimit();
                case LAG_NEWEST_MICROS -> micros(entry.lag().newest());
                case LAG_WORST_MICROS -> micros(entry.lag().worst());
                case HEAP_USED -> entry.heapUsed();
                case HEAP_MAX -> entry.heapMax();
            };
        }
        for (Metric metric : Metric.values()) {
            for (int i = 0; i < metric.columns().size(); i++) {
                values[columns.of(metric, i)] = entry.counts().column(metric, i);
            }
        }
        for (HttpProtocol http : HttpProtocol.values()) {
            for (ConnectionKind kind : ConnectionKind.values()) {
                values[columns.of(kind, http)] = entry.open().of(kind, http);
            }
        }
        values[EntryColumns.NOT_KEPT] = 0;
        return values;
    }

    private Optional<Entry> read(ByteBuffer from) {
        Optional<String> name = readText(from, NAME);
        Optional<String> version = readText(from, VERSION);
        if (name.isEmpty() || version.isEmpty() || from.remaining() < Long.BYTES + 1) {
            return Optional.empty();
        }
        var source = new Entry.Source(name.get(), from.getLong());
        int state = from.get();
        if (state < 0 || state >= STATES.length) {
            return Optional.empty();
        }
        return readValues(from).flatMap(values -> entry(source, version.get(), STATES[state], values));
    }

    private Optional<long[]> readValues(ByteBuffer from) {
        long[] values = new long[size];
        long column = 0;
        while (from.hasRemaining()) {
            long step = readVarint(from);
            long value = readVarint(from);
            if (step <= 0 || step > MAX_COLUMN - column || value <= 0 || value > MAX_VALUE) {
                return Optional.empty();
            }
            column += step;
            if (column < size) {
                values[(int) column] = value;
            }
        }
        return Optional.of(values);
    }

    private Optional<Entry> entry(Entry.Source source, String version, Entry.State state, long[] values) {
        Duration interval = Duration.ofMillis(gauge(values, Gauge.INTERVAL_MILLIS));
        if (interval.isZero() || interval.compareTo(LONGEST_INTERVAL) > 0) {
            return Optional.empty();
        }
        return Optional.of(new Entry(
                source,
                version,
                state,
                Duration.ofMillis(gauge(values, Gauge.UPTIME_MILLIS)),
                interval,
                CounterSnapshot.from((metric, i) -> values[columns.of(metric, i)]),
                OpenConnections.of((kind, http) -> values[columns.of(kind, http)]),
                gauge(values, Gauge.CONNECTIONS_LIMIT),
                new TelemetrySample.Lag(
                        ofMicros(gauge(values, Gauge.LAG_NEWEST_MICROS)),
                        ofMicros(gauge(values, Gauge.LAG_WORST_MICROS))),
                gauge(values, Gauge.HEAP_USED),
                gauge(values, Gauge.HEAP_MAX)));
    }

    private long gauge(long[] values, Gauge gauge) {
        return values[columns.of(gauge)];
    }

    private static long micros(Duration time) {
        return TimeUnit.NANOSECONDS.toMicros(time.toNanos());
    }

    private static Duration ofMicros(long micros) {
        return Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1000);
    }

    private static void writeText(ByteBuffer to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        to.put((byte) bytes.length).put(bytes);
    }

    private static Optional<String> readText(ByteBuffer from, Pattern allowed) {
        int length = from.hasRemaining() ? from.get() & 0xFF : 0;
        if (length > from.remaining()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return Optional.of(new String(bytes, StandardCharsets.US_ASCII))
                .filter(text -> allowed.matcher(text).matches());
    }

    private static void writeVarint(ByteBuffer to, long value) {
        long rest = value;
        while (rest > 0x7F) {
            to.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }

    /** Returns -1 if the bytes end early, or if there are more than {@link #MAX_VALUE} needs. */
    private static long readVarint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 7 && from.hasRemaining(); shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }
}
