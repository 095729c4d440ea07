package dev.resound.bench;

import dev.resound.bench.load.Job;
import dev.resound.bench.load.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Drives a server that has just started through all cases, again and again, until its compilers have little left to do:
 * some need three times as long for that as others, and would be measured while they still get faster. All cases, or
 * what is compiled for the first would have to be compiled again in the measurement of another. In the place of many idle
 * connections clients come and go: a server keeps the memory that it once had, and would not need more for them later.
 *
 * @param most after which it ends in any case
 */
record RunIn(List<Load> cases, Duration most) {

    private static final Duration TURN = Duration.ofMillis(300);

    /** Of a processor, above which the compilers are at work. */
    private static final double AT_WORK = 0.05;

    RunIn {
        cases = cases.stream()
                .map(load -> load.kind() == Load.Kind.IDLE ? Load.parse("churn-64B") : load)
                .distinct()
                .toList();
    }

    void drive(ServerProcess server, GeneratorProcess generator) throws IOException {
        long start = System.nanoTime();
        double share;
        do {
            share = compilersDuringTurns(server, generator);
        } while (elapsed(start).compareTo(share > AT_WORK ? most : least()) < 0);
        System.out.printf(
                "%s is run in after %d s; its compilers took %.0f %% of the last turn%n",
                server.name(), elapsed(start).toSeconds(), 100 * share);
    }

    /** Since compilers may pause, and are not seen on every system. */
    private Duration least() {
        return most.dividedBy(6);
    }

    private double compilersDuringTurns(ServerProcess server, GeneratorProcess generator) throws IOException {
        long start = System.nanoTime();
        long before = Compilers.usageOf(server.pid());
        for (Load load : cases) {
            generator.run(new Job(server.port(), server.pid(), server.wire(), load, 0, TURN.toNanos()), server.name());
        }
        long used = Compilers.usageOf(server.pid()) - before;
        return (double) used / elapsed(start).toNanos();
    }

    private static Duration elapsed(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
