package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.resound.test.RunningResound;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/**
 * The pictures of the documentation. A picture is current if the page has the same text, apart from numbers, and roughly the same colours
 * in the same places; fonts differ between machines. {@code -Dscreenshots.write=true} takes the pictures again.
 */
class ScreenshotsIT {

    private static final Path IMAGES = Path.of("src", "docs", "images");
    private static final Path ACTUAL = Path.of("target", "screenshots");
    private static final int LARGEST_FILE = 200 * 1024;

    /** Where the service seems to be. */
    private static final String ORIGIN = "localhost:8080";

    /** Of the pictures; a Wednesday. */
    private static final long NOW = 1_764_164_400L;

    private static final int SPAN = 900;
    private static final int STEP = 5;

    /** Pixels, at each side of a square whose mean colour is compared. */
    private static final int SQUARE = 40;

    /** Of 255: the mean over all squares, and the one that differs most. */
    private static final double MEAN_DIFFERENCE = 1.5;

    private static final double LARGEST_DIFFERENCE = 48;

    @Test
    void the_picture_of_the_client_page_is_current() throws IOException {
        try (var resound = RunningResound.start("instance", "resound-7d9f");
                var chromium = Chromium.launchWholeBrowser(mapped(resound.port()))) {
            Page page = open(chromium, 1280, 800);
            page.navigate("http://" + ORIGIN + "/");
            // Once before, so that the times in the picture are those of a service that is warm.
            converse(page);
            page.locator("#closeButton").click();
            assertThat(page.locator("#stateLabel")).hasText("Closed");
            page.locator("#clearButton").click();
            converse(page);
            assertThat(page.locator("#roundTrips summary")).containsText("median");
            page.locator("h1").hover();
            page.evaluate("document.activeElement.blur()");
            compare("page", page);
        }
    }

    private static void converse(Page page) {
        page.locator("#connectButton").click();
        assertThat(page.locator("#stateLabel")).hasText("Open");
        for (String message :
                List.of("Hello, Resound", "{\"type\":\"subscribe\",\"channels\":[\"prices\",\"orders\"]}")) {
            page.locator("#sendMessage").fill(message);
            page.locator("#sendButton").click();
            assertThat(page.locator("#commsLog tr").last()).hasClass(Pattern.compile("\\becho\\b"));
            assertThat(page.locator("#commsLog tr").last()).containsText(message);
        }
    }

    @Test
    void the_picture_of_the_dashboard_is_current() throws IOException {
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            new StaticAssets("/ws").mount(router);
            int port = vertx.createHttpServer(
                            new HttpServerOptions().setWebSocketSubProtocols(List.of("resound.telemetry.v1")))
                    .requestHandler(router)
                    .webSocketHandler(ScreenshotsIT::tell)
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
            try (var chromium = Chromium.launchWholeBrowser(mapped(port))) {
                Page page = open(chromium, 1120, 860);
                page.clock().setFixedTime(NOW * 1000); // However slow the browser is.
                page.navigate("http://" + ORIGIN + "/dashboard");
                assertThat(page.locator(".panel [data-slot=state]")).hasText("Live");
                assertThat(page.locator(".panel figure[data-chart=connections] li[data-series=echo] .now"))
                        .not()
                        .isEmpty();
                assertThat(page.locator(".events li")).hasCount(6);
                compare("dashboard", page);
            }
        } finally {
            vertx.close().await();
        }
    }

    private static String mapped(int port) {
        return "--host-resolver-rules=MAP %s 127.0.0.1:%d".formatted(ORIGIN, port);
    }

    private static Page open(Chromium chromium, int width, int height) {
        return chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(ColorScheme.LIGHT)
                        .setLocale("en-GB")
                        .setTimezoneId("UTC"))
                .newPage();
    }

    // The feed of a busy instance.

    private static void tell(ServerWebSocket dashboard) {
        var hello = new JsonObject()
                .put("type", "hello")
                .put("schema", 1)
                .put("instance", "resound-7d9f")
                .put("build", new JsonObject().put("version", "1.0.0").put("java", "25.0.1"))
                .put("time", NOW)
                .put("startedAt", NOW - 93_600)
                .put("interval", 3600.0)
                .put("keepAlive", new JsonObject().put("interval", 25.0).put("idleTimeout", 50.0))
                .put("history", history());
        dashboard.writeTextMessage(hello.encode());
        dashboard.writeTextMessage(sample(SPAN).encode());
        for (int i = 0; i < 6; i++) {
            dashboard.writeTextMessage(event(i).encode());
        }
    }

    private static JsonObject history() {
        List<String> columns = new ArrayList<>();
        collect("", sample(0), columns, new JsonArray());
        var rows = new JsonArray();
        for (int second = 0; second < SPAN; second += STEP) {
            var row = new JsonArray();
            collect("", sample(second), new ArrayList<>(), row);
            rows.add(row);
        }
        return new JsonObject()
                .put("step", (double) STEP)
                .put("columns", new JsonArray(columns))
                .put("rows", rows);
    }

    /** The paths and values of a sample that are not constant. */
    private static void collect(String prefix, JsonObject object, List<String> paths, JsonArray values) {
        object.forEach(member -> {
            String path = prefix + member.getKey();
            if (member.getValue() instanceof JsonObject nested) {
                collect(path + ".", nested, paths, values);
            } else if (!List.of("type", "instance").contains(path)) {
                paths.add(path);
                values.add(member.getValue());
            }
        });
    }

    private static JsonObject sample(int second) {
        double load = load(second);
        double all = IntStream.rangeClosed(0, second)
                .mapToDouble(ScreenshotsIT::load)
                .sum();
        var types = types(90 * all + 4_000_000, 12 * all + 600_000);
        var bytes = types(90 * 180 * all + 720_000_000, 12 * 2_000 * all + 1_200_000_000);
        long client = (long) (1.5 * all) + 80_000;
        long lost = (long) (0.3 * all) + 410;
        var closed = new JsonObject()
                .put("client", client)
                .put("idle", 96)
                .put("drain", 0)
                .put("slow-consumer", 3)
                .put("protocol-error", 0)
                .put("invalid-payload", 0)
                .put("too-big", 1)
                .put("network", lost)
                .put("error", 0);
        long echo = Math.round(60 + 120 * slowLoad(second));
        var handshakes = new JsonObject()
                .put("accepted", client + lost + 100 + echo + 2)
                .put("not-websocket", (long) (0.2 * all) + 55)
                .put("version", 0)
                .put("key", 0)
                .put("method", 2)
                .put("origin", (long) (0.1 * all) + 140)
                .put("capacity", 0)
                .put("draining", 0)
                .put("error", 0);
        var rates = new JsonObject()
                .put(
                        "handshakes",
                        new JsonObject()
                                .put("accepted", 1.8 * load + 120 * (slowLoad(second + 1) - slowLoad(second)))
                                .put("not-websocket", 0.1 * load)
                                .put("origin", 0.1 * load))
                .put("closed", new JsonObject().put("client", 1.5 * load).put("network", 0.3 * load))
                .put(
                        "messages",
                        bothWays(new JsonObject().put("text", 90 * load).put("binary", 12 * load)))
                .put(
                        "bytes",
                        bothWays(new JsonObject().put("text", 16_200 * load).put("binary", 24_000 * load)));
        return new JsonObject()
                .put("type", "sample")
                .put("sequence", 92_700 + second)
                .put("instance", "resound-7d9f")
                .put("time", (double) NOW - SPAN + second)
                .put("uptime", 92_700.0 + second)
                .put("draining", false)
                .put("connectionsLimit", 2662)
                .put("connections", new JsonObject().put("echo", echo).put("telemetry", 2))
                .put(
                        "connectionsByHttp",
                        new JsonObject().put("http1", echo / 3 + 2).put("http2", echo - echo / 3))
                .put("handshakes", handshakes)
                .put("closed", closed)
                .put("messages", bothWays(types))
                .put("bytes", bothWays(bytes))
                .put("pings", new JsonObject().put("sent", 610_000 + 6 * second))
                .put("pongs", new JsonObject().put("received", 609_700 + 6 * second))
                .put("backpressurePauses", 17)
                .put("rates", rates)
                .put("roundTrip", times(0.0021 + 0.0006 * load, 0.011 + 0.003 * load, 0.031 + 0.012 * load))
                .put("feedRoundTrip", times(0.0009, 0.0021, 0.0034 + 0.001 * load))
                .put("duration", times(42, 310, 1600))
                .put(
                        "eventLoopLag",
                        new JsonObject()
                                .put("newest", 0.0002 + 0.0003 * load * noise(second))
                                .put("worst", 0.0011 + 0.0009 * load))
                .put(
                        "heap",
                        new JsonObject()
                                .put("used", 22_000_000L + second % 75 * 420_000L)
                                .put("max", 88_604_672L))
                .put(
                        "process",
                        new JsonObject()
                                .put("cpu", 0.21 * all + 20_000)
                                .put("cpus", 2)
                                .put("residentMemory", 148_000_000L + second % 60 * 100_000L)
                                .put("openFiles", echo + 74)
                                .put("maxFiles", 1_048_576))
                .put(
                        "gc",
                        new JsonObject()
                                .put("pauses", 1200 + second / 75)
                                .put("paused", 7.8 + Math.floor(second / 75.0) * 0.0065))
                .put("eventsSuppressed", 0);
    }

    /** Between 0 and 2, about 1. */
    private static double load(int second) {
        return slowLoad(second) + 0.12 * (noise(second) - 0.5);
    }

    private static double slowLoad(int second) {
        return 1 + 0.35 * Math.sin(second / 130.0) + 0.12 * Math.sin(second / 23.0);
    }

    /** Between 0 and 1, the same in each run. */
    private static double noise(int second) {
        double hash = Math.sin(second * 12.9898) * 43_758.5453;
        return hash - Math.floor(hash);
    }

    private static JsonObject types(double text, double binary) {
        return new JsonObject().put("text", (long) text).put("binary", (long) binary);
    }

    private static JsonObject bothWays(JsonObject types) {
        return new JsonObject().put("received", types).put("sent", types.copy());
    }

    private static JsonObject times(double p50, double p90, double p99) {
        return new JsonObject()
                .put("count", 360)
                .put("p50", p50)
                .put("p90", p90)
                .put("p99", p99);
    }

    private static JsonObject event(int i) {
        var event = new JsonObject()
                .put("type", i % 3 == 1 ? "closed" : "opened")
                .put("time", NOW - 9.0 + i)
                .put("protocol", "echo");
        return i % 3 == 1
                ? event.put("cause", i == 4 ? "network" : "client")
                        .put("duration", 31.0 + 7 * i)
                        .put(
                                "messages",
                                new JsonObject().put("received", 44 + i).put("sent", 44 + i))
                : event;
    }

    // The comparison.

    private static void compare(String name, Page page) throws IOException {
        Files.createDirectories(ACTUAL);
        Path actual = ACTUAL.resolve(name + ".png");
        page.screenshot(new Page.ScreenshotOptions().setPath(actual));
        String text = text(page.locator("body"));
        if (Boolean.getBoolean("screenshots.write")) {
            Files.createDirectories(IMAGES);
            Files.write(IMAGES.resolve(name + ".png"), Files.readAllBytes(actual));
            Files.writeString(IMAGES.resolve(name + ".txt"), text);
        }
        Path picture = IMAGES.resolve(name + ".png");
        String again = "take it again with -Dit.test=ScreenshotsIT -Dscreenshots.write=true";
        assertThat(text)
                .as("the text on %s; %s", picture, again)
                .isEqualTo(Files.readString(IMAGES.resolve(name + ".txt")));
        assertThat(Files.size(picture)).isLessThan(LARGEST_FILE);
        List<Double> differences = differences(ImageIO.read(picture.toFile()), ImageIO.read(actual.toFile()));
        double mean =
                differences.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        assertThat(mean).as("%s is current; %s", picture, again).isLessThan(MEAN_DIFFERENCE);
        assertThat(differences)
                .as("%s is current; %s", picture, again)
                .allMatch(difference -> difference < LARGEST_DIFFERENCE);
    }

    /** What people can read, a line for each element, with 0 for each number and time. */
    private static String text(Locator body) {
        return body.innerText()
                .replaceAll("\\d[\\d.,:\u00a0]*(ms|s|µs)?", "0")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** How much the mean colours of the squares differ. */
    private static List<Double> differences(BufferedImage expected, BufferedImage actual) {
        assertThat(List.of(actual.getWidth(), actual.getHeight()))
                .isEqualTo(List.of(expected.getWidth(), expected.getHeight()));
        List<Double> differences = new ArrayList<>();
        for (int y = 0; y < expected.getHeight(); y += SQUARE) {
            for (int x = 0; x < expected.getWidth(); x += SQUARE) {
                for (int channel = 0; channel < Integer.SIZE - Byte.SIZE; channel += Byte.SIZE) {
                    differences.add(Math.abs(mean(expected, x, y, channel) - mean(actual, x, y, channel)));
                }
            }
        }
        return differences;
    }

    private static double mean(BufferedImage image, int left, int top, int channel) {
        return IntStream.range(top, Math.min(top + SQUARE, image.getHeight()))
                .flatMap(y -> IntStream.range(left, Math.min(left + SQUARE, image.getWidth()))
                        .map(x -> image.getRGB(x, y) >> channel & 0xFF))
                .average()
                .orElseThrow();
    }
}
