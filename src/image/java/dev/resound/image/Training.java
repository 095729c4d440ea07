package dev.resound.image;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the service, uses each of its parts, and opens and closes many connections, so that the virtual machine records in an AOT cache
 * what the next start needs, and which methods to compile first (JEP 483, 514 and 515).
 *
 * @param runtime the Java runtime of the image
 * @param jars the class path of the image
 * @param transports the folder of the native transports
 * @param options the virtual machine's, as in the image
 */
record Training(Path runtime, List<Path> jars, Path transports, List<String> options) {

    /** The time that Jib gives to every file. The cache records the times of the jars. */
    static final FileTime TIME_IN_IMAGE = FileTime.from(Instant.ofEpochSecond(1));

    private static final int ROUNDS = 200;
    private static final int LARGE = 256 * 1024;
    private static final Duration VISITS = Duration.ofSeconds(6);
    private static final int VISITORS = 8;
    private static final int PATIENCE_SECONDS = 20;

    /** A training that takes longer is ended, so that it cannot block the build. */
    private static final Executor LIMIT = CompletableFuture.delayedExecutor(2, TimeUnit.MINUTES);

    private static final Map<String, String> SETTINGS = Map.of(
            "RESOUND_HTTP_PORT", "0",
            "RESOUND_MANAGEMENT_PORT", "0",
            "RESOUND_TELEMETRY_INTERVAL", "100ms",
            "RESOUND_DRAIN_PERIOD", "100ms");

    private static final Pattern NATIVE_TRANSPORT = Pattern.compile("transport\\W+(io_uring|epoll)");

    private static final List<String> FOR_TRAINING = List.of(
            // Most containers get one core and little memory, hence the serial collector and small object references.
            "-XX:ActiveProcessorCount=1",
            "-Xmx96m",
            // As many methods as possible are compiled, and so recorded.
            "-XX:CompileThresholdScaling=1",
            "-Xlog:aot=error");

    /** Runs the training; the virtual machine writes the cache when it ends. */
    void write(Path cache) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(runtime.resolve("bin/java").toString()));
        command.addAll(options);
        command.addAll(FOR_TRAINING);
        command.add("-Djava.library.path=" + transports);
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(
                List.of("-cp", jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))));
        command.add("dev.resound.Main");
        Path log = Files.createTempFile("training", ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(SETTINGS);
        Process service = builder.start();
        LIMIT.execute(service::destroyForcibly);
        try {
            awaitStart(service, log);
            String start = Files.readString(log);
            work(address("page", start), address("metrics", start));
            service.destroy();
            if (service.waitFor() != 0 || !Files.exists(cache)) {
                throw failed(log);
            }
            if (!NATIVE_TRANSPORT.matcher(start).find()) {
                throw new IOException("the training used no native transport:\n" + start);
            }
        } finally {
            service.destroyForcibly();
            Files.delete(log);
        }
    }

    private static void awaitStart(Process service, Path log) throws IOException, InterruptedException {
        while (!Files.readString(log).contains("/readyz")) {
            if (service.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw failed(log);
            }
        }
    }

    private static IOException failed(Path log) throws IOException {
        String text = Files.readString(log);
        return new IOException(
                "the training failed; its last lines:\n" + text.substring(Math.max(0, text.length() - 4000)));
    }

    /** The address that the service has logged. */
    private static URI address(String what, CharSequence log) throws IOException {
        Matcher line = Pattern.compile(what + " at https?://[^\\s\"]+:(\\d+)/").matcher(log);
        if (!line.find()) {
            throw new IOException("the training failed:\n" + log);
        }
        return URI.create("http://127.0.0.1:" + line.group(1) + "/");
    }

    private static void work(URI page, URI management) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            for (URI address : List.of(
                    page,
                    page.resolve("/ws?explain"),
                    management.resolve("/livez"),
                    management.resolve("/readyz"),
                    management.resolve("/metrics"))) {
                get(http, address);
            }
            URI endpoint = URI.create("ws://127.0.0.1:" + page.getPort() + "/ws");
            var feed = new Inbox();
            WebSocket dashboard = http.newWebSocketBuilder()
                    .subprotocols("resound.telemetry.v1")
                    .buildAsync(endpoint, feed)
                    .join();
            var echoes = new Inbox();
            WebSocket client =
                    http.newWebSocketBuilder().buildAsync(endpoint, echoes).join();
            for (int i = 0; i < ROUNDS; i++) {
                client.sendText("Grüße " + i, true).join();
                client.sendBinary(ByteBuffer.allocate(i % 4 == 0 ? LARGE : 10 * i), true)
                        .join();
                echoes.take();
                echoes.take();
            }
            while (!feed.take().contains("\"sample\"")) {
                // The hello and the events of connections come first.
            }
            Visitor.come(VISITORS, page.getPort(), VISITS);
            client.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            dashboard.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            get(http, management.resolve("/metrics"));
        }
    }

    private static void get(HttpClient http, URI address) throws IOException, InterruptedException {
        http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding());
    }

    /** Collects the messages that arrive on a WebSocket. */
    private static final class Inbox implements WebSocket.Listener {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        /** The next message; of a binary one, the empty string. */
        String take() throws IOException, InterruptedException {
            String message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException("the service does not answer in the training");
            }
            return message;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            return received(socket, last);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
            return received(socket, last);
        }

        private @Nullable CompletionStage<?> received(WebSocket socket, boolean last) {
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
