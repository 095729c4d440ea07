package dev.resound.web;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The HTTP connections of one event loop that wait for their next request or its answer, so that silent ones cannot use up the
 * memory or the files of the process: where there is room for no more, the deadline of the one that has waited the longest is
 * now. It does not go by time, as the first of a herd that comes all at once may wait for seconds before it is heard. Only the
 * event loop's thread may call it.
 */
final class WaitingRoom {

    private final IntSupplier places;
    private final Set<RequestDeadline> waiting = new LinkedHashSet<>();

    /** @param places how many may wait at a time, as it is now */
    WaitingRoom(IntSupplier places) {
        this.places = places;
    }

    /** It waits from now on. */
    void enter(RequestDeadline connection) {
        waiting.remove(connection);
        waiting.add(connection);
        if (waiting.size() > places.getAsInt()) {
            RequestDeadline eldest = waiting.iterator().next();
            waiting.remove(eldest);
            eldest.expireEarly();
        }
    }

    /** It has ended, or become a WebSocket. */
    void leave(RequestDeadline connection) {
        waiting.remove(connection);
    }
}
