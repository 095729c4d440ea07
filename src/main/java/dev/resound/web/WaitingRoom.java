package dev.resound.web;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The HTTP connections of one event loop that wait for their next request or its answer, so that silent ones cannot use up the
 * memory or the files of the process: where one comes too many, the deadline of the one that has waited the longest is now.
 * Honest clients are through in milliseconds, so as long as fewer of them come at a time, it is none of those. Only the event
 * loop's thread may call it.
 */
final class WaitingRoom {

    private final int places;
    private final Set<RequestDeadline> waiting = new LinkedHashSet<>();

    /** @param places how many may wait at a time */
    WaitingRoom(int places) {
        this.places = places;
    }

    /** It waits from now on. */
    void enter(RequestDeadline connection) {
        waiting.remove(connection);
        waiting.add(connection);
        if (waiting.size() > places) {
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
