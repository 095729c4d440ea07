package dev.resound.web;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The connections of one event loop that wait for their TLS handshake, their next request or its answer, so that silent ones
 * cannot use up the memory or the files of the process: where there is room for no more, the deadline of the one that has waited the longest is
 * now. It does not go by time, as the first of a herd that comes all at once may wait for seconds before it is heard. Only the
 * event loop's thread may call it.
 */
final class WaitingRoom {

    /** A connection that waits. */
    interface Guest {
        /** Others need the place: its time is up now. */
        void expireEarly();
    }

    private static final FastThreadLocal<WaitingRoom> OF_LOOP = new FastThreadLocal<>();

    private final IntSupplier places;
    private final Set<Guest> waiting = new LinkedHashSet<>();

    /** @param places how many may wait at a time, as it is now */
    WaitingRoom(IntSupplier places) {
        this.places = places;
    }

    /** Opens the room of the event loop that calls this. */
    static WaitingRoom open(IntSupplier places) {
        var room = new WaitingRoom(places);
        OF_LOOP.set(room);
        return room;
    }

    /** The room of the event loop that calls this, for whoever is made by code that knows of no rooms. */
    static WaitingRoom ofThisLoop() {
        return OF_LOOP.get();
    }

    /** It waits from now on. */
    void enter(Guest connection) {
        waiting.remove(connection);
        waiting.add(connection);
        if (waiting.size() > places.getAsInt()) {
            Guest eldest = waiting.iterator().next();
            waiting.remove(eldest);
            eldest.expireEarly();
        }
    }

    /** It has ended, or become a WebSocket. */
    void leave(Guest connection) {
        waiting.remove(connection);
    }
}
