package dev.resound.telemetry;

import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.function.ToLongBiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How many connections are open, by kind and HTTP protocol; immutable. */
public final class OpenConnections {

    /** No connection is open. */
    public static final OpenConnections NONE = of((kind, http) -> 0);

    /** The member of the JSON that contains the connections over HTTP/2. */
    private static final String OVER_HTTP_2 = "http2";

    /** By HTTP protocol, then by kind. */
    private final long[][] numbers;

    private OpenConnections(long[][] numbers) {
        this.numbers = numbers;
    }

    /** @param number of the connections of one kind over one HTTP protocol */
    public static OpenConnections of(ToLongBiFunction<ConnectionKind, HttpProtocol> number) {
        return new OpenConnections(Stream.of(HttpProtocol.values())
                .map(http -> Stream.of(ConnectionKind.values())
                        .mapToLong(kind -> number.applyAsLong(kind, http))
                        .toArray())
                .toArray(long[][]::new));
    }

    /** Connections of one kind over one HTTP protocol. */
    public long of(ConnectionKind kind, HttpProtocol http) {
        return numbers[Metric.column(http)][Metric.column(kind)];
    }

    /** Connections of one kind. */
    public long of(ConnectionKind kind) {
        return Stream.of(HttpProtocol.values())
                .mapToLong(http -> of(kind, http))
                .sum();
    }

    /** Connections over one HTTP protocol. */
    public long of(HttpProtocol http) {
        return LongStream.of(numbers[Metric.column(http)]).sum();
    }

    /** These, and one that has opened. */
    OpenConnections with(ConnectionInfo opened) {
        return plus(1, opened.kind(), opened.http());
    }

    /** These, without one that has ended. */
    OpenConnections without(ConnectionInfo closed) {
        return plus(-1, closed.kind(), closed.http());
    }

    /** These, and more of one kind over one HTTP protocol. */
    OpenConnections plus(long more, ConnectionKind kind, HttpProtocol http) {
        int row = Metric.column(http);
        long[][] sum = numbers.clone();
        sum[row] = numbers[row].clone();
        sum[row][Metric.column(kind)] += more;
        return new OpenConnections(sum);
    }

    /** The sum of both. */
    public OpenConnections plus(OpenConnections more) {
        return of((kind, http) -> of(kind, http) + more.of(kind, http));
    }

    /**
     * The numbers by kind, and in a member of its own how many of them are over HTTP/2. Versions of the service without WebSockets over
     * HTTP/2 neither send nor read that member.
     */
    JsonObject toJson() {
        var all = new JsonObject();
        var overHttp2 = new JsonObject();
        for (ConnectionKind kind : ConnectionKind.values()) {
            all.put(kind.label(), of(kind));
            overHttp2.put(kind.label(), of(kind, HttpProtocol.HTTP_2));
        }
        return all.put(OVER_HTTP_2, overHttp2);
    }

    /** Reads {@link #toJson}. */
    static OpenConnections fromJson(JsonObject json) {
        JsonObject overHttp2 = json.getJsonObject(OVER_HTTP_2, new JsonObject());
        return of((kind, http) -> {
            long second = overHttp2.getLong(kind.label(), 0L);
            return http == HttpProtocol.HTTP_2 ? second : json.getLong(kind.label(), 0L) - second;
        });
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OpenConnections open && Arrays.deepEquals(numbers, open.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(numbers);
    }

    @Override
    public String toString() {
        return toJson().encode();
    }
}
