package dev.resound.websocket.handshake;

import dev.resound.ip.IpNetwork;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Limits the open connections, in total and per client address. One for the process; any thread may call it. */
public final class Admission {

    private final int derivedLimit;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<IpNetwork, Integer> openByClient = new ConcurrentHashMap<>();

    /** @param derivedLimit the limit that the process can bear, in force if none is configured */
    public Admission(int derivedLimit) {
        this.derivedLimit = derivedLimit;
    }

    /** The limit in force for a configured one; 0 means the derived one. */
    public int limit(int configured) {
        return configured == 0 ? derivedLimit : configured;
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
        if (open.incrementAndGet() > limit(maxConnections)) {
            release(client);
            return false;
        }
        return true;
    }

    /** Whether {@link #tryAcquire} would succeed now. */
    public boolean hasRoom(IpNetwork client, int maxConnections, int maxPerClient) {
        return open() < limit(maxConnections) && (maxPerClient == 0 || openFrom(client) < maxPerClient);
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
