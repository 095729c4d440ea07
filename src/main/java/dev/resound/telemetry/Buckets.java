package dev.resound.telemetry;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** Where the buckets of a histogram of times end. */
public final class Buckets {

    /** From a peer in the same rack to one that is about to be given up. */
    static final Buckets ROUND_TRIP =
            seconds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

    /** With 60 s and one hour as bounds of their own: that is where proxies cut. */
    static final Buckets CONNECTION =
            seconds(0.1, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400);

    static final Buckets NONE = seconds();

    private final double[] seconds;
    private final long[] nanos;

    private Buckets(double[] seconds) {
        this.seconds = seconds;
        this.nanos = DoubleStream.of(seconds)
                .mapToLong(bound -> Math.round(bound * TimeUnit.SECONDS.toNanos(1)))
                .toArray();
    }

    private static Buckets seconds(double... bounds) {
        return new Buckets(bounds);
    }

    /** The upper bounds in seconds, each included in its bucket; infinity, the last one, is among them. */
    public List<Double> bounds() {
        return DoubleStream.concat(DoubleStream.of(seconds), DoubleStream.of(Double.POSITIVE_INFINITY))
                .boxed()
                .toList();
    }

    /** The bucket that a time falls into. */
    int indexOf(long time) {
        int index = 0;
        while (index < nanos.length && time > nanos[index]) {
            index++;
        }
        return index;
    }
}
