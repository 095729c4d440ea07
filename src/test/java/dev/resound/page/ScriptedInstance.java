package dev.resound.page;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An instance whose feed says what a test has it say: a day in a minute, for example. */
final class ScriptedInstance implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<ServerWebSocket> dashboards = new LinkedBlockingQueue<>();
    private final HttpServer server;

    ScriptedInstance() {
        var options = new HttpServerOptions().setWebSocketSubProtocols(List.of("resound.telemetry.v1"));
        server = vertx.createHttpServer(options)
                .webSocketHandler(dashboards::add)
                .listen(0, "127.0.0.1")
                .await();
    }

    int port() {
        return server.actualPort();
    }

    String url() {
        return "ws://127.0.0.1:" + port() + "/ws";
    }

    /** Forgets the dashboards of earlier pages; a slow page may have connected once more than was expected. */
    void forgetDashboards() {
        dashboards.clear();
    }

    /** The next dashboard that connects. */
    ServerWebSocket dashboard() throws InterruptedException {
        ServerWebSocket dashboard = dashboards.poll(30, TimeUnit.SECONDS);
        if (dashboard == null) {
            throw new AssertionError("no dashboard has connected");
        }
        return dashboard;
    }

    /** Sends, and now and then waits until all is out, so that it does not pile up here. */
    static void say(ServerWebSocket dashboard, JsonObject message, boolean wait) {
        var sent = dashboard.writeTextMessage(message.encode());
        if (wait) {
            sent.await();
        }
    }

    /** With 15 minutes of history before that second of the instance's life. */
    static JsonObject hello(int second) {
        var rows = new JsonArray();
        for (int past = Math.max(0, second - 900); past < second; past += 5) {
            JsonObject sample = sample(past);
            rows.add(new JsonArray()
                    .add(sample.getValue("time"))
                    .add(sample.getValue("uptime"))
                    .add(sample.getJsonObject("connections").getValue("echo"))
                    .add(sample.getJsonObject("closed").getValue("client")));
        }
        return new JsonObject()
                .put("type", "hello")
                .put("schema", 1)
                .put("instance", "scripted")
                .put("build", new JsonObject().put("version", "1.0.0").put("java", "25"))
                .put("time", START + second)
                .put("startedAt", START)
                .put("interval", 1.0)
                .put(
                        "history",
                        new JsonObject()
                                .put("step", 5.0)
                                .put(
                                        "columns",
                                        new JsonArray(List.of("time", "uptime", "connections.echo", "closed.client")))
                                .put("rows", rows));
    }

    private static final int START = 1_764_110_000;

    /** All numbers differ from second to second. */
    static JsonObject sample(int second) {
        var types = new JsonObject().put("text", 100L * second).put("binary", second);
        var bothWays = new JsonObject().put("received", types).put("sent", types);
        var closed = new JsonObject().put("client", 2 * second).put("idle", second / 60);
        var handshakes = new JsonObject().put("accepted", 2 * second + 5).put("origin", second / 10);
        var times = new JsonObject()
                .put("count", second)
                .put("p50", 0.0004 + second % 7 * 1e-5)
                .put("p90", 0.001)
                .put("p99", 0.002 + second % 11 * 1e-4);
        return new JsonObject()
                .put("type", "sample")
                .put("sequence", second + 1)
                .put("instance", "scripted")
                .put("time", START + second + second % 10 / 1000.0)
                .put("uptime", second)
                .put("draining", false)
                .put("connections", new JsonObject().put("echo", second % 500).put("telemetry", 1))
                .put("connectionsLimit", 14_000)
                .put("handshakes", handshakes)
                .put("closed", closed)
                .put("messages", bothWays)
                .put("bytes", bothWays)
                .put("pings", new JsonObject().put("sent", second))
                .put("pongs", new JsonObject().put("received", second))
                .put("backpressurePauses", 0)
                .put(
                        "rates",
                        new JsonObject()
                                .put("closed", new JsonObject().put("client", 2.0 + second % 3))
                                .put("messages", bothWays)
                                .put("bytes", bothWays))
                .put("roundTrip", times)
                .put("duration", times)
                .put(
                        "eventLoopLag",
                        new JsonObject()
                                .put("newest", 1e-4 + second % 13 * 1e-5)
                                .put("worst", 2e-3))
                .put(
                        "heap",
                        new JsonObject()
                                .put("used", 50_000_000 + second % 60 * 1_000_000)
                                .put("max", 268_435_456))
                .put("eventsSuppressed", second / 100);
    }

    static JsonObject opened(int second) {
        return new JsonObject()
                .put("type", "opened")
                .put("time", START + second)
                .put("protocol", "echo");
    }

    static JsonObject closed(int second) {
        return new JsonObject()
                .put("type", "closed")
                .put("time", START + second)
                .put("protocol", "echo")
                .put("cause", "client")
                .put("duration", second % 100)
                .put("messages", new JsonObject().put("received", second).put("sent", second));
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
