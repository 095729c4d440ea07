package dev.resound.lifecycle;

import java.util.concurrent.atomic.AtomicReference;

/** Where the process stands between its start and its end. Any thread may ask; one state follows the other, never back. */
public final class Lifecycle {

    /** The states, in their order. */
    public enum State {
        /** Not everything listens yet: not ready. */
        STARTING,
        /** Serving. */
        READY,
        /** Told to end, and serving as before while load balancers catch up: not ready, still accepting. */
        LEAVING,
        /** Open connections are being closed and new ones refused. */
        DRAINING,
        /** Nothing is left to serve. */
        STOPPED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

    public State state() {
        return state.get();
    }

    /**
     * Moves on to a later state.
     *
     * @return false, and nothing changes, where that state or a later one is reached already
     */
    public boolean moveTo(State next) {
        return state.getAndUpdate(current -> next.compareTo(current) > 0 ? next : current)
                        .compareTo(next)
                < 0;
    }

    /**
     * Ends a start that is not complete, so that the service will never be ready.
     *
     * @return false, and nothing changes, if it is ready or has been
     */
    public boolean abandonStart() {
        return state.compareAndSet(State.STARTING, State.STOPPED);
    }

    /** Whether load balancers should send new connections here. */
    public boolean ready() {
        return state() == State.READY;
    }

    /** Whether the end has been asked for. */
    public boolean draining() {
        return state().compareTo(State.LEAVING) >= 0;
    }

    /** Whether new connections are refused because the end is near. */
    public boolean refusing() {
        return state().compareTo(State.DRAINING) >= 0;
    }
}
