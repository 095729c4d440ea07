package dev.resound.management;

/** Where the metrics come from. May be asked from any thread, and may take its time. */
@FunctionalInterface
public interface MetricsSource {

    /**
     * All metrics.
     *
     * @param contentType the format, as one of {@link ExpositionFormat} has it
     */
    String expose(String contentType);
}
