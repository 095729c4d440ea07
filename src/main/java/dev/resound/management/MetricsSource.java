package dev.resound.management;

import io.vertx.core.Future;

/** Where the metrics come from. May be asked from any thread. */
@FunctionalInterface
public interface MetricsSource {

    /**
     * All metrics.
     *
     * @param contentType the format, as one of {@link ExpositionFormat} has it
     */
    Future<String> expose(String contentType);
}
