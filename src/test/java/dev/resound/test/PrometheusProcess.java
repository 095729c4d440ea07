package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A real Prometheus that scrapes a service every second, and {@code promtool}, both of Debian's package {@code prometheus}. */
public final class PrometheusProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private PrometheusProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Skips the test where it is not installed; on a build server the test fails. */
    public static void assumeInstalled() {
        boolean installed = Files.isExecutable(Path.of("/usr/bin/prometheus"));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as("Debian's package prometheus is installed").isTrue();
        }
        assumeTrue(installed, "needs Debian's package prometheus");
    }

    /** Starts it as the job {@code resound}, with files in an empty directory. */
    public static PrometheusProcess scraping(RunningResound resound, Path directory) throws IOException {
        return scraping(resound, directory, Map.of(), List.of());
    }

    /**
     * The same.
     *
     * @param labels what a target has beside {@code job} and {@code instance}
     * @param rules files of rules, evaluated every second
     */
    public static PrometheusProcess scraping(
            RunningResound resound, Path directory, Map<String, String> labels, List<Path> rules) throws IOException {
        return scraping(resound.managementPort(), directory, labels, rules);
    }

    /** The same of whatever has a management port. */
    public static PrometheusProcess scraping(
            int managementPort, Path directory, Map<String, String> labels, List<Path> rules) throws IOException {
        int port = FreePort.next();
        // JSON is YAML.
        var configuration = new JsonObject()
                .put("global", Map.of("scrape_interval", "1s", "evaluation_interval", "1s"))
                .put("rule_files", rules.stream().map(Path::toString).toList())
                .put(
                        "scrape_configs",
                        List.of(Map.of(
                                "job_name",
                                "resound",
                                "static_configs",
                                List.of(Map.of("targets", List.of("127.0.0.1:" + managementPort), "labels", labels)))));
        Path file = Files.writeString(directory.resolve("prometheus.yml"), configuration.encodePrettily());
        Process process = new ProcessBuilder(
                        "/usr/bin/prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
        return new PrometheusProcess(process, port);
    }

    /**
     * Runs {@code promtool} with some arguments in a directory.
     *
     * @return what it says
     * @throws AssertionError if it finds anything wrong
     */
    public static String promtool(Path directory, String... arguments) throws IOException, InterruptedException {
        Process promtool = new ProcessBuilder(Stream.concat(Stream.of("/usr/bin/promtool"), Stream.of(arguments))
                        .toList())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        promtool.getOutputStream().close();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
        return said;
    }

    /** The value of a query once it has exactly one. */
    public String awaitValue(String query) {
        return awaitResult(query, result -> result.size() == 1)
                .getFirst()
                .getJsonArray("value")
                .getString(1);
    }

    /** The series of a query, each with {@code metric} and {@code value}, once there are any. */
    public List<JsonObject> awaitSeries(String query) {
        return awaitResult(query, result -> !result.isEmpty());
    }

    /** Prometheus scrapes for the first time some seconds after its start. */
    private List<JsonObject> awaitResult(String query, Predicate<JsonArray> condition) {
        var uri = URI.create("http://127.0.0.1:%d/api/v1/query?query=%s"
                .formatted(port, URLEncoder.encode(query, StandardCharsets.UTF_8)));
        return Waiting.await(query + " has such a value")
                .atMost(PATIENCE)
                .pollInterval(PAUSE)
                .until(() -> result(uri), condition)
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonArray result(URI uri) throws InterruptedException {
        try {
            var answer = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            // Until it is ready it answers 503 with a text.
            return answer.statusCode() == 200
                    ? new JsonObject(answer.body()).getJsonObject("data").getJsonArray("result")
                    : new JsonArray();
        } catch (IOException notYet) {
            return new JsonArray();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
