package dev.resound.bench;

import dev.resound.bench.load.Generator;
import dev.resound.bench.load.Job;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The load generator, in a process of its own. */
final class GeneratorProcess implements AutoCloseable {

    private final Process process;
    private final BufferedWriter jobs;
    private final BufferedReader answers;

    private GeneratorProcess(Process process) {
        this.process = process;
        this.jobs = process.outputWriter();
        this.answers = process.inputReader();
    }

    static GeneratorProcess start(Pinning pinning) throws IOException {
        var command = pinning.generator(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-classpath",
                System.getProperty("java.class.path"),
                Generator.class.getName()));
        return new GeneratorProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Does it, and answers with what it measured. */
    JsonObject run(Job job, String server) throws IOException {
        jobs.write(job.toJson().encode());
        jobs.newLine();
        jobs.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new BenchmarkFailure("the generator has ended");
        }
        var figures = new JsonObject(line);
        if (figures.containsKey("error")) {
            throw new BenchmarkFailure("%s, %s: %s".formatted(server, job.load(), figures.getString("error")));
        }
        return figures;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
