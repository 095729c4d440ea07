package dev.resound.image;

import dev.resound.test.FeedClient;
import dev.resound.test.ResoundProcess;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A short working life of the service, from which the virtual machine learns what to have ready at the next start (JEP 483 and 514).
 *
 * @param runtime the Java runtime of the image
 * @param jars the class path of the image
 * @param options the virtual machine's, as in the image
 */
record Training(Path runtime, List<Path> jars, List<String> options) {

    /** What Jib gives to every file; the cache remembers the jars' times. */
    static final FileTime TIME_IN_IMAGE = FileTime.from(Instant.ofEpochSecond(1));

    private static final int ROUNDS = 200;

    private static final Map<String, String> SETTINGS =
            Map.of("RESOUND_TELEMETRY_INTERVAL", "100ms", "RESOUND_DRAIN_PERIOD", "100ms");

    private static final List<String> FOR_TRAINING = List.of(
            // Most containers get one core and little memory, hence the serial collector and small object references.
            "-XX:ActiveProcessorCount=1",
            "-Xmx96m",
            // The compilers would use the recorded profiles at once, and on one core the start would wait for them:
            // half as long again.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTRecordTraining",
            "-Xlog:aot=error");

    /** Runs it; the cache is written while the process ends. */
    void write(Path cache) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(runtime.resolve("bin/java").toString()));
        command.addAll(options);
        command.addAll(FOR_TRAINING);
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(
                List.of("-cp", jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))));
        command.add("dev.resound.Main");
        try (var resound = ResoundProcess.readyBy(command, SETTINGS)) {
            work(resound);
            resound.signal("TERM");
            if (resound.exitCode() != 0 || !Files.exists(cache)) {
                throw new IOException("the training failed:\n" + resound.output());
            }
        }
    }

    private static void work(ResoundProcess resound) throws IOException {
        for (URI address : List.of(
                resound.page(),
                resound.page().resolve("/ws?explain"),
                resound.management("/livez"),
                resound.management("/readyz"),
                resound.management("/metrics"))) {
            get(address);
        }
        try (var client = WireClient.open(resound.port());
                var dashboard = FeedClient.open(resound.port())) {
            for (int i = 0; i < ROUNDS; i++) {
                WireFrame text = WireFrame.text("Grüße " + i);
                WireFrame binary = WireFrame.binary(new byte[10 * i]);
                client.send(text, binary).expect(text, binary);
            }
            dashboard.next("sample");
            client.send(WireFrame.close(1000));
        }
        get(resound.management("/metrics"));
    }

    private static void get(URI address) throws IOException {
        try (var http = HttpClient.newHttpClient()) {
            http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
