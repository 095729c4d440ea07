package dev.resound.websocket.handshake;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How many connections there may be, in all and from one client address. One for the process; any thread may ask.
 */
public final class Admission {

    private final IntSupplier derivedLimit;
    private final BooleanSupplier overloaded;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<String, Integer> openByAddress = new ConcurrentHashMap<>();

    /**
     * @param derivedLimit what the process can hold, which holds where no limit is configured; may change
     * @param overloaded whether memory is short, so that no connection is accepted at all
     */
    public Admission(IntSupplier derivedLimit, BooleanSupplier overloaded) {
        this.derivedLimit = derivedLimit;
        this.overloaded = overloaded;
    }

    /** The limit in force for a configured one; 0 stands for the derived one. */
    public int limit(int configured) {
        return configured == 0 ? derivedLimit.getAsInt() : configured;
    }

    /**
     * Takes a place; each one that was taken must be given back with {@link #release}.
     *
     * @param maxConnections the limit in all; 0 stands for the derived one
     * @param maxPerAddress the limit of one address; 0 for none
     * @return whether there was a place left
     */
    public boolean tryAcquire(String address, int maxConnections, int maxPerAddress) {
        if (open.incrementAndGet() > limit(maxConnections) || overloaded.getAsBoolean()) {
            open.decrementAndGet();
            return false;
        }
        // Counted without a limit too, as one may be set while connections are open.
        int ofAddress = openByAddress.merge(address, 1, Integer::sum);
        if (maxPerAddress > 0 && ofAddress > maxPerAddress) {
            release(address);
            return false;
        }
        return true;
    }

    /** Whether {@link #tryAcquire} would find a place now. */
    public boolean hasRoom(String address, int maxConnections, int maxPerAddress) {
        return !overloaded.getAsBoolean()
                && open() < limit(maxConnections)
                && (maxPerAddress == 0 || openFrom(address) < maxPerAddress);
    }

    /** Gives a place back. */
    public void release(String address) {
        openByAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        open.decrementAndGet();
    }

    /** Open connections in all. */
    public int open() {
        return open.get();
    }

    /** Open connections of one client address. */
    public int openFrom(String address) {
        return openByAddress.getOrDefault(address, 0);
    }
}
