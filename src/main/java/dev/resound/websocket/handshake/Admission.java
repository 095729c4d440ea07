package dev.resound.websocket.handshake;

import dev.resound.ip.IpNetwork;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

/** Limits the open connections, in total and per client address. One for the process; any thread may call it. */
public final class Admission {

    private final IntUnaryOperator limit;
    private final BooleanSupplier overloaded;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<IpNetwork, Integer> openByClient = new ConcurrentHashMap<>();

    /**
     * @param limit the limit in force for a configured one; 0 means that none is configured. It may change
     * @param overloaded whether memory is short, so that no connection is accepted
     */
    public Admission(IntUnaryOperator limit, BooleanSupplier overloaded) {
        this.limit = limit;
        this.overloaded = overloaded;
    }

    /** The limit in force for a configured one; 0 means that none is configured. */
    public int limit(int configured) {
        return limit.applyAsInt(configured);
    }

    /**
     * Takes a slot. Each one that was taken must be returned with {@link #release}, for the same client.
     *
     * @param client the address, or the network, that counts as one client
     * @param maxConnections the limit in total; 0 means the derived one
     * @param maxPerClient the limit per client; 0 means none
     * @return whether a slot was free; if not, or if this throws, nothing is taken
     */
    public boolean tryAcquire(IpNetwork client, int maxConnections, int maxPerClient) {
        // Counted without a limit too, because one may be set while connections are open.
        int ofClient = openByClient.merge(client, 1, Integer::sum);
        if (maxPerClient > 0 && ofClient > maxPerClient) {
            uncount(client);
            return false;
        }
        if (open.incrementAndGet() > limit(maxConnections) || overloaded.getAsBoolean()) {
            release(client);
            return false;
        }
        return true;
    }

    /** Whether {@link #tryAcquire} would succeed now. */
    public boolean hasRoom(IpNetwork client, int maxConnections, int maxPerClient) {
        return !overloaded.getAsBoolean()
                && open() < limit(maxConnections)
                && (maxPerClient == 0 || openFrom(client) < maxPerClient);
    }

    /** Returns a slot. */
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
