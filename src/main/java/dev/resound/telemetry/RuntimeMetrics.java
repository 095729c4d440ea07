package dev.resound.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.stream.Stream;

/** What the libraries tell of the JVM, the process and Netty's memory, under their usual names. */
final class RuntimeMetrics implements MeterBinder, AutoCloseable {

    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    @Override
    public void bindTo(MeterRegistry registry) {
        Stream.of(
                        new JvmInfoMetrics(),
                        new JvmMemoryMetrics(),
                        garbageCollection,
                        new JvmThreadMetrics(),
                        new ClassLoaderMetrics(),
                        new UptimeMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics())
                .forEach(binder -> binder.bindTo(registry));
        bindNetty(registry);
    }

    /**
     * Vert.x takes the memory of channels from Netty's default allocator, and what it copies to the heap from none; its few other
     * direct buffers are unpooled.
     */
    private static void bindNetty(MeterRegistry registry) {
        Stream.of(ByteBufAllocator.DEFAULT, UnpooledByteBufAllocator.DEFAULT)
                .distinct()
                .filter(ByteBufAllocatorMetricProvider.class::isInstance)
                .map(ByteBufAllocatorMetricProvider.class::cast)
                .map(NettyAllocatorMetrics::new)
                .forEach(binder -> binder.bindTo(registry));
    }

    /** Stops to listen to the garbage collectors. */
    @Override
    public void close() {
        garbageCollection.close();
    }
}
