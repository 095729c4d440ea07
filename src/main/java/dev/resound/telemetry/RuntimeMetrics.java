package dev.resound.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;

/** What the libraries tell of the JVM, the process and Netty's memory, under their usual names. */
final class RuntimeMetrics implements MeterBinder, AutoCloseable {

    private static final double NANOS_PER_SECOND = 1e9;

    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    @Override
    public void bindTo(MeterRegistry registry) {
        registry.config().meterFilter(new PrometheusNames());
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
        bindProcessorTime(registry);
        bindResidentMemory(registry);
        bindNetty(registry);
    }

    /** As every Prometheus client names it; Micrometer has it in nanoseconds. */
    private static void bindProcessorTime(MeterRegistry registry) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, process -> process.getProcessCpuTime() / NANOS_PER_SECOND)
                    .baseUnit("seconds")
                    .description("Processor time that the process has used")
                    .register(registry);
        }
    }

    /** As every Prometheus client names it; Micrometer has none. */
    private static void bindResidentMemory(MeterRegistry registry) {
        if (ProcessUsage.resident().isPresent()) {
            Gauge.builder(
                            "process.resident.memory",
                            () -> ProcessUsage.resident().orElse(0))
                    .baseUnit("bytes")
                    .description("Physical memory that the process uses")
                    .register(registry);
        }
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

    /** Mends what {@code promtool check metrics} minds, and a label that would be another one after each start. */
    private static final class PrometheusNames implements MeterFilter {

        @Override
        public MeterFilterReply accept(Meter.Id id) {
            return id.getName().equals("process.cpu.time") ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
        }

        @Override
        public Meter.Id map(Meter.Id id) {
            if (id.getName().equals("system.cpu.count")) {
                return id.withName("system.cpus");
            }
            if (id.getName().startsWith("netty.allocator")) {
                Tags stable = Tags.of(id.getTags().stream()
                        .filter(tag -> !tag.getKey().equals("id"))
                        .toList());
                return new Meter.Id(
                        id.getName(), stable, id.getBaseUnit(), "Of Netty's buffer allocators", id.getType());
            }
            return id;
        }
    }
}
