package dev.resound.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The generator, a process of its own: reads jobs, one line of JSON each, and answers each with one line of JSON. It lives
 * for the whole benchmark, so that it is warm.
 */
public final class Generator {

    private Generator() {}

    public static void main(String[] arguments) throws IOException {
        var jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            System.out.println(answer(Job.of(new JsonObject(line))).encode());
        }
    }

    private static JsonObject answer(Job job) {
        try (var run = new Run(job)) {
            return run.measure().toJson();
        } catch (IOException | RuntimeException e) {
            return new JsonObject().put("error", e instanceof EchoFailure ? e.getMessage() : e.toString());
        }
    }
}
