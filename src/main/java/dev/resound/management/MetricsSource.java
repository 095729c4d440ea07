package dev.resound.management;

import org.jspecify.annotations.Nullable;

/** Where the metrics come from. May be asked from any thread. */
public interface MetricsSource {

    /**
     * What is exposed.
     *
     * @param contentType the {@code Content-Type} of the body
     * @param body all metrics
     */
    record Exposition(String contentType, String body) {}

    /** All metrics in the format that an {@code Accept} header prefers: Prometheus text or OpenMetrics. */
    Exposition expose(@Nullable String accept);
}
