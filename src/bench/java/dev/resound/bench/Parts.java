package dev.resound.bench;

import java.nio.file.Path;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The parts of the framing protocol by themselves, with JMH. */
final class Parts {

    private Parts() {}

    static void measure(Path directory) throws RunnerException {
        var options = new OptionsBuilder()
                .include("dev\\.resound\\.websocket\\.frame\\..*")
                .addProfiler(GCProfiler.class)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(4)
                .measurementTime(TimeValue.milliseconds(500))
                .resultFormat(ResultFormatType.JSON)
                .result(directory.resolve("jmh.json").toString())
                .shouldFailOnError(true)
                .build();
        new Runner(options).run();
    }
}
