package dev.resound.config;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One setting that there is.
 *
 * @param path as in {@code websocket.keep-alive-interval}
 * @param type of the record component
 * @param takenUp whether a change takes effect while the service runs; asked for late, as the JVM makes a class for each kind of
 *     annotation that is read
 * @param accessor finds its value in a configuration
 */
record Key(String path, Class<?> type, BooleanSupplier takenUp, Function<Configuration, Object> accessor) {

    /** Whether a change takes effect while the service runs. */
    boolean live() {
        return takenUp.getAsBoolean();
    }

    /** Its value in a configuration. */
    Object in(Configuration configuration) {
        return accessor.apply(configuration);
    }

    /** Its value in the defaults. */
    Object fallback() {
        return in(Configuration.DEFAULT);
    }

    /** The path of the key whose value is the default of this one, if there is such a key. */
    Optional<String> inheritsFrom() {
        return Keys.inheritedBy(path);
    }

    /** The environment variable that sets it. */
    String variable() {
        return Overrides.variable(path);
    }
}
