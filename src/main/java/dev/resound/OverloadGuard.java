package dev.resound;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses new connections and streams while live memory is above a threshold, like the overload manager of Envoy. It is
 * the last defence against unforeseen load. Live heap is what a garbage collection leaves; direct memory is what Netty
 * uses. Thread-safe.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/configuration/operations/overload_manager/overload_manager">Envoy's
 *     overload manager</a>
 */
final class OverloadGuard {

    /** Overload begins above this share of the maximum heap or direct memory. */
    private static final double BEGIN = 0.85;

    /**
     * Overload ends below this share. It is lower than {@link #BEGIN}, so that the state does not change with each
     * connection.
     */
    private static final double END = 0.75;

    /**
     * The interval of forced garbage collections. They run during overload, because only a collection shows that memory
     * is free again, and while it is unknown how much of the heap is garbage.
     */
    private static final long COLLECT_AFTER_NANOS = 2_000_000_000L;

    /** The names that the JDK's collectors give to full collections. */
    private static final Set<String> WHOLE = Set.of("end of major GC", "end of GC cycle");

    private static final Logger log = LoggerFactory.getLogger(OverloadGuard.class);

    private final long maxHeap;
    private final LongSupplier direct;
    private final long maxDirect;
    private final Runnable collector;

    private volatile long liveHeap;
    private volatile long collectedAt = System.nanoTime() - COLLECT_AFTER_NANOS;
    /** Heap usage is above the threshold, and it is unknown how much of it is garbage. */
    private volatile boolean suspected;

    private volatile boolean active;

    /**
     * @param maxHeap the largest heap in bytes
     * @param direct bytes of direct memory in use now
     * @param maxDirect the most bytes of direct memory
     * @param collector runs a garbage collection
     */
    OverloadGuard(long maxHeap, LongSupplier direct, long maxDirect, Runnable collector) {
        this.maxHeap = maxHeap;
        this.direct = direct;
        this.maxDirect = maxDirect;
        this.collector = collector;
    }

    /**
     * The guard of this process.
     *
     * @param collector runs a garbage collection, not on the caller's thread
     */
    static OverloadGuard ofProcess(Runnable collector) {
        return new OverloadGuard(
                Runtime.getRuntime().maxMemory(),
                OverloadGuard::usedDirectMemory,
                PlatformDependent.maxDirectMemory(),
                collector);
    }

    private static long usedDirectMemory() {
        return Stream.of(ByteBufAllocator.DEFAULT, UnpooledByteBufAllocator.DEFAULT)
                .distinct()
                .filter(ByteBufAllocatorMetricProvider.class::isInstance)
                .mapToLong(allocator ->
                        ((ByteBufAllocatorMetricProvider) allocator).metric().usedDirectMemory())
                .sum();
    }

    /** Starts to listen to the garbage collectors. Takes some milliseconds. */
    void listen() {
        Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(pool -> pool.getName())
                .collect(Collectors.toSet());
        ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(NotificationEmitter.class::isInstance)
                .map(NotificationEmitter.class::cast)
                .forEach(emitter -> emitter.addNotificationListener(
                        (notification, _) -> {
                            if (notification.getUserData() instanceof CompositeData data) {
                                var collection = GarbageCollectionNotificationInfo.from(data);
                                collected(
                                        used(collection.getGcInfo().getMemoryUsageAfterGc(), heapPools),
                                        WHOLE.contains(collection.getGcAction()),
                                        System.nanoTime());
                            }
                        },
                        notification -> notification
                                .getType()
                                .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
                        null));
    }

    private static long used(Map<String, MemoryUsage> pools, Set<String> heapPools) {
        return pools.entrySet().stream()
                .filter(pool -> heapPools.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
    }

    /**
     * Records the bytes that a garbage collection left.
     *
     * @param whole whether all garbage is gone; otherwise some of these bytes may be garbage
     */
    void collected(long bytes, boolean whole, long now) {
        suspected = !whole && bytes > BEGIN * maxHeap;
        if (whole) {
            collectedAt = now;
        }
        if (whole || bytes < liveHeap) {
            liveHeap = bytes;
        }
        judge();
    }

    /** Checks direct memory, and runs a garbage collection if one is due. Call it a few times per second. */
    void check(long now) {
        judge();
        if ((active || suspected) && now - collectedAt > COLLECT_AFTER_NANOS) {
            collectedAt = now;
            collector.run();
        }
    }

    private synchronized void judge() {
        double share = Math.max((double) liveHeap / maxHeap, (double) direct.getAsLong() / maxDirect);
        boolean before = active;
        active = share > (before ? END : BEGIN);
        if (active != before) {
            (active ? log.atWarn() : log.atInfo())
                    .addKeyValue("live_heap", liveHeap)
                    .addKeyValue("max_heap", maxHeap)
                    .addKeyValue("direct_memory", direct.getAsLong())
                    .addKeyValue("max_direct_memory", maxDirect)
                    .log(active ? "overloaded, new connections are refused" : "no longer overloaded");
        }
    }

    /** Whether new connections and streams are refused now. */
    boolean isActive() {
        return active;
    }
}
