package dev.resound.fleet;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Redis through the client of Vert.x. Call it on a worker thread: it reads files and resolves names. */
final class RedisClient implements RedisStreams {

    /** How long a connection or a response may take. */
    private static final long PATIENCE_SECONDS = 3;

    /** Enough for the connections to the nodes of a cluster; each has its own pool. */
    private static final int POOL = 2;

    /**
     * XRANGE limits the number of entries, not their size. This script does: whoever can write to the stream must not be able to fill the
     * memory of the readers.
     */
    private static final String PAGE = """
            local page = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
            for i, item in ipairs(page) do
              local entry = ''
              for f = 1, #item[2], 2 do
                if item[2][f] == ARGV[3] and #item[2][f + 1] <= tonumber(ARGV[4]) then
                  entry = item[2][f + 1]
                end
              end
              page[i] = {item[1], entry}
            end
            return page
            """;

    private final Vertx vertx;
    private final FleetSettings settings;

    RedisClient(Vertx vertx, FleetSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    @Override
    public Future<Connection> connect() {
        Redis client;
        try {
            resolveNames();
            client = Redis.createClient(vertx, options());
        } catch (IOException | RuntimeException e) {
            return Future.failedFuture(e);
        }
        return client.connect()
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .<Connection>map(connection -> new Open(client, connection))
                .onFailure(failed -> client.close());
    }

    /**
     * Resolves the names of the servers. The client does so too, but on an event loop, where it would block all connections while the name
     * server does not respond. For now it finds the addresses in Java's cache.
     */
    private void resolveNames() throws IOException {
        for (String url : settings.redis()) {
            InetAddress.getAllByName(URI.create(url).getHost());
        }
    }

    private RedisOptions options() throws IOException {
        var net = new NetClientOptions().setConnectTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        if (settings.tls()) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            if (!settings.trust().isEmpty()) {
                net.setTrustOptions(new PemTrustOptions().addCertPath(settings.trust()));
            }
        }
        var options = new RedisOptions()
                .setType(
                        switch (settings.type()) {
                            case STANDALONE -> RedisClientType.STANDALONE;
                            case CLUSTER -> RedisClientType.CLUSTER;
                            case SENTINEL -> RedisClientType.SENTINEL;
                        })
                .setEndpoints(new ArrayList<>(settings.redis()))
                .setMasterName(settings.master())
                .setMaxPoolSize(POOL)
                .setMaxPoolWaiting(2 * POOL)
                .setNetClientOptions(net);
        String password = password();
        if (!password.isEmpty()) {
            options.setPassword(password);
        }
        if (!settings.user().isEmpty()) {
            options.setUser(settings.user());
        }
        return options;
    }

    private String password() throws IOException {
        return settings.passwordFile().isEmpty()
                ? settings.password()
                : Files.readString(Path.of(settings.passwordFile())).strip();
    }

    /** A connection, and the client that was made for it: closing the client also ends connections to a server that does not respond. */
    private record Open(Redis client, RedisConnection redis) implements Connection {

        @Override
        public Future<Id> append(String stream, Trim trim, Buffer entry) {
            return send(Request.cmd(Command.XADD)
                            .arg(stream)
                            .arg(trim.rule())
                            .arg("~")
                            .arg(trim.threshold())
                            .arg("*")
                            .arg(EntryFormat.FIELD)
                            .arg(entry))
                    .map(id -> Id.parse(id.toString()));
        }

        @Override
        public Future<List<Item>> read(String stream, Id after, int most) {
            return send(Request.cmd(Command.EVAL)
                            .arg(PAGE)
                            .arg(1)
                            .arg(stream)
                            .arg(after.toString())
                            .arg(most)
                            .arg(EntryFormat.FIELD)
                            .arg(EntryFormat.MAX_BYTES))
                    .map(page -> page.stream()
                            .map(item -> new Item(
                                    Id.parse(item.get(0).toString()),
                                    item.get(1).toBuffer()))
                            .toList());
        }

        @Override
        public Future<Optional<Id>> newest(String stream) {
            return send(Request.cmd(Command.XREVRANGE)
                            .arg(stream)
                            .arg("+")
                            .arg("-")
                            .arg("COUNT")
                            .arg(1))
                    .map(items -> items.stream()
                            .findFirst()
                            .map(item -> Id.parse(item.get(0).toString())));
        }

        @Override
        public Future<Long> time() {
            return send(Request.cmd(Command.TIME))
                    .map(time ->
                            TimeUnit.SECONDS.toMillis(Long.parseLong(time.get(0).toString()))
                                    + TimeUnit.MICROSECONDS.toMillis(
                                            Long.parseLong(time.get(1).toString())));
        }

        private Future<Response> send(Request request) {
            Future<@Nullable Response> response = redis.send(request);
            return response.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS).map(Objects::requireNonNull);
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
