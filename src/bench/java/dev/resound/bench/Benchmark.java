package dev.resound.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/** The program: plays the rounds, prints the table, writes all figures to {@code target/bench}. */
public final class Benchmark {

    private Benchmark() {}

    /** @param arguments the build's directory */
    public static void main(String[] arguments) throws IOException, InterruptedException, RunnerException {
        try {
            run(Options.ofProperties(), Path.of(arguments[0]));
        } catch (BenchmarkFailure | IllegalArgumentException e) {
            System.err.println("benchmark: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Options options, Path build) throws IOException, InterruptedException, RunnerException {
        Path directory = Files.createDirectories(build.resolve("bench"));
        var certificate = Certificate.create(directory.toAbsolutePath());
        List<Contestant> contestants = Stream.concat(
                        options.servers().stream()
                                .map(name -> Contestant.known(name, build, certificate, options.jvmFlags())),
                        options.external().stream().map(Contestant::external))
                .toList();
        var names = contestants.stream().map(Contestant::name).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("two servers have the same name: " + names);
        }
        for (Contestant contestant : contestants) {
            options.cases().forEach(contestant::check);
        }
        if (options.jmh()) {
            Parts.measure(directory);
        }
        var pinning = Pinning.of(options);
        System.out.println(pinning);
        var rows = new Rounds(options, contestants, pinning, directory).play();
        var report = new Report(Facts.of(options, pinning), rows, options.cases(), names);
        report.write(directory);
        System.out.println(report);
    }
}
