package dev.resound.config;

import java.util.function.Function;

/**
 * One setting that there is.
 *
 * @param path as in {@code websocket.keep-alive-interval}
 * @param type of the record component
 * @param live whether a change takes effect while the service runs
 * @param accessor finds its value in a configuration
 */
record Key(String path, Class<?> type, boolean live, Function<Configuration, Object> accessor) {

    /** Its value in a configuration. */
    Object in(Configuration configuration) {
        return accessor.apply(configuration);
    }

    Object fallback() {
        return in(Configuration.DEFAULT);
    }

    /** The environment variable that sets it. */
    String variable() {
        return Overrides.variable(path);
    }
}
