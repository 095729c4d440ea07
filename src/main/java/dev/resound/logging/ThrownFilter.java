package dev.resound.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.LoggingEvent;

/**
 * Shows everything thrown that is logged, at any level, to an observer, and filters nothing. It runs before the level is checked and before an
 * event is created, and allocates nothing.
 */
final class ThrownFilter extends TurboFilter {

    private final Consumer<Throwable> observer;

    ThrownFilter(Consumer<Throwable> observer) {
        this.observer = observer;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        if (thrown != null) {
            observer.accept(thrown);
        } else if (arguments != null
                && arguments.length > 0
                && arguments[arguments.length - 1] instanceof Throwable last) {
            observer.accept(last);
        }
        return FilterReply.NEUTRAL;
    }

    @Override
    public FilterReply decide(Logger logger, LoggingEvent event) {
        if (event.getThrowable() != null) {
            observer.accept(event.getThrowable());
        }
        return FilterReply.NEUTRAL;
    }
}
