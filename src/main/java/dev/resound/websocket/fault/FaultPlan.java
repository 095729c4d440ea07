package dev.resound.websocket.fault;

import dev.resound.setting.Durations;
import dev.resound.setting.Spelling;
import dev.resound.websocket.protocol.CloseCode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The faults that one client has requested. Immutable. */
public final class FaultPlan {

    /** Without faults. */
    public static final FaultPlan NONE = new FaultPlan(Map.of());

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final int LARGEST_CODE = 4999;

    private static final String HALF_CLOSE_AT = Fault.HALF_CLOSE.label() + "@";
    private static final Pattern DIGITS = Pattern.compile("\\d{1,4}");
    /** Longer names resemble no fault. */
    private static final int LONGEST_NAME = 16;

    private final Map<Fault, Value> values;

    /**
     * The value of a fault.
     *
     * @param time zero if the fault has none
     * @param number a close code, a status or a percentage; 0 if the fault has none
     */
    private record Value(Duration time, int number) {}

    private FaultPlan(Map<Fault, Value> values) {
        this.values = values;
    }

    /** Reads the parameters of a query one by one. */
    public static final class Reader {

        private final boolean enabled;
        private final Map<Fault, Value> values = new EnumMap<>(Fault.class);

        /** @param enabled whether faults are allowed */
        public Reader(boolean enabled) {
            this.enabled = enabled;
        }

        /**
         * Reads a parameter. One that is not a fault is ignored, unless faults are enabled and its name resembles one.
         *
         * @throws InvalidParameter if it is not allowed
         */
        public void read(String name, String value) {
            boolean halfCloseAt = name.startsWith(HALF_CLOSE_AT) && value.isEmpty();
            Optional<Fault> fault = halfCloseAt ? Optional.of(Fault.HALF_CLOSE) : Fault.named(name);
            if (fault.isEmpty()) {
                requireOther(name, value);
                return;
            }
            if (!enabled) {
                throw new InvalidParameter(fault.get().label(), value, "faults need faults.enabled: true");
            }
            String text = halfCloseAt ? name.substring(HALF_CLOSE_AT.length()) : value;
            Value parsed = parse(fault.get(), text)
                    .orElseThrow(() -> new InvalidParameter(
                            fault.get().label(), text, "must be " + fault.get().form()));
            if (values.put(fault.get(), parsed) != null) {
                throw new InvalidParameter(fault.get().label(), text, "must occur only once");
            }
        }

        /** Requires that the name is not a misspelled fault. */
        private void requireOther(String name, String value) {
            if (!enabled || name.length() > LONGEST_NAME) {
                return;
            }
            String bare = Spelling.bare(name);
            for (Fault fault : Fault.values()) {
                if (bare.length() > 2 && Spelling.distance(bare, Spelling.bare(fault.label())) <= 1) {
                    throw new InvalidParameter(name, value, "is not a fault; did you mean " + fault.form() + "?");
                }
            }
        }

        /** What was read. */
        public FaultPlan plan() {
            return values.isEmpty() ? NONE : new FaultPlan(Map.copyOf(values));
        }
    }

    private static Optional<Value> parse(Fault fault, String text) {
        return switch (fault) {
            case DELAY, JITTER -> time(text, SHORTEST, LONGEST_DELAY);
            case MAX_AGE -> time(text, SHORTEST, LONGEST);
            case HALF_CLOSE -> time(text, Duration.ZERO, LONGEST);
            case ABORT -> timeAfter("rst@", text);
            case STALL -> timeAfter("read@", text);
            case CLOSE -> close(text);
            case REFUSE -> number(text, 400, 599);
            case DROP -> number(text, 1, 100);
            case NO_PONG -> text.isEmpty() ? Optional.of(new Value(Duration.ZERO, 0)) : Optional.empty();
        };
    }

    private static Optional<Value> time(String text, Duration least, Duration most) {
        try {
            Duration time = Durations.parse(text);
            return time.compareTo(least) >= 0 && time.compareTo(most) <= 0
                    ? Optional.of(new Value(time, 0))
                    : Optional.empty();
        } catch (IllegalArgumentException notATime) {
            return Optional.empty();
        }
    }

    private static Optional<Value> timeAfter(String prefix, String text) {
        return text.startsWith(prefix)
                ? time(text.substring(prefix.length()), Duration.ZERO, LONGEST)
                : Optional.empty();
    }

    private static Optional<Value> close(String text) {
        int at = text.indexOf('@');
        return at < 0
                ? Optional.empty()
                : number(text.substring(0, at), CloseCode.NORMAL, LARGEST_CODE)
                        .filter(code -> CloseCode.isValid(code.number))
                        .flatMap(code -> time(text.substring(at + 1), Duration.ZERO, LONGEST)
                                .map(when -> new Value(when.time, code.number)));
    }

    private static Optional<Value> number(String text, int least, int most) {
        Matcher digits = DIGITS.matcher(text);
        if (!digits.matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(text);
        return number >= least && number <= most ? Optional.of(new Value(Duration.ZERO, number)) : Optional.empty();
    }

    /** The requested faults. */
    public Set<Fault> faults() {
        return values.keySet();
    }

    /** Whether no fault is requested. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    boolean has(Fault fault) {
        return values.containsKey(fault);
    }

    /** The time of a fault in nanoseconds; 0 if it is not requested. */
    long nanos(Fault fault) {
        Value value = values.get(fault);
        return value == null ? 0 : value.time.toNanos();
    }

    /** The number of a fault; 0 if it is not requested. */
    int number(Fault fault) {
        Value value = values.get(fault);
        return value == null ? 0 : value.number;
    }

    /** The status with which to reject the handshake; empty to accept it. */
    public OptionalInt refusal() {
        return has(Fault.REFUSE) ? OptionalInt.of(number(Fault.REFUSE)) : OptionalInt.empty();
    }
}
