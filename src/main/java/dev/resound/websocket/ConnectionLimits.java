package dev.resound.websocket;

import dev.resound.ip.IpNetwork;
import dev.resound.websocket.handshake.Room;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

/** Limits the open connections, in total and per client. One for the process; thread-safe. */
public final class ConnectionLimits {

    private final IntUnaryOperator limit;
    private final BooleanSupplier overloaded;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<IpNetwork, Integer> openByClient = new ConcurrentHashMap<>();

    /**
     * @param limit derives the limit in force from the configured one, which is 0 if unset; the result may change
     * @param overloaded whether to accept no connection because memory is short
     */
    public ConnectionLimits(IntUnaryOperator limit, BooleanSupplier overloaded) {
        this.limit = limit;
        this.overloaded = overloaded;
    }

    /** The limit in force for the configured one, which is 0 if unset. */
    public int limit(int configured) {
        return limit.applyAsInt(configured);
    }

    /**
     * Reserves a place. Each reserved place must be released with {@link #release}, for the same client.
     *
     * @param client the address or network that counts as one client
     * @param maxConnections the configured limit in total; 0 means the derived one
     * @param maxPerClient the limit per client; 0 means none
     * @return {@link Room#AVAILABLE} if a place is reserved; for any other result, or if this throws, none is
     */
    public Room tryAcquire(IpNetwork client, int maxConnections, int maxPerClient) {
        // Counted even without a limit: one may be set while connections are open.
        int ofClient = openByClient.merge(client, 1, Integer::sum);
        if (maxPerClient > 0 && ofClient > maxPerClient) {
            uncount(client);
            return Room.FULL_FOR_CLIENT;
        }
        boolean full = open.incrementAndGet() > limit(maxConnections);
        if (full || overloaded.getAsBoolean()) {
            release(client);
            return full ? Room.FULL : Room.OVERLOADED;
        }
        return Room.AVAILABLE;
    }

    /** What {@link #tryAcquire} would return now. */
    public Room room(IpNetwork client, int maxConnections, int maxPerClient) {
        if (maxPerClient > 0 && openFrom(client) >= maxPerClient) {
            return Room.FULL_FOR_CLIENT;
        }
        if (open() >= limit(maxConnections)) {
            return Room.FULL;
        }
        return overloaded.getAsBoolean() ? Room.OVERLOADED : Room.AVAILABLE;
    }

    /** Releases a reserved place. */
    public void release(IpNetwork client) {
        open.decrementAndGet();
        uncount(client);
    }

    private void uncount(IpNetwork client) {
        openByClient.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Open connections in total. */
    public int open() {
        return open.get();
    }

    /** Open connections of one client. */
    public int openFrom(IpNetwork client) {
        return openByClient.getOrDefault(client, 0);
    }
}
