package dev.resound.websocket;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What follows from settings that may change: made anew when they have. */
final class Derived<S, T> {

    private final Function<S, T> maker;
    private @Nullable S source;
    private @Nullable T result;

    Derived(Function<S, T> maker) {
        this.maker = maker;
    }

    T from(S current) {
        T known = result;
        if (known != null && current.equals(source)) {
            return known;
        }
        T made = maker.apply(current);
        source = current;
        result = made;
        return made;
    }
}
