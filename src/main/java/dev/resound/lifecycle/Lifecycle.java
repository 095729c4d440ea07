package dev.resound.lifecycle;

import java.util.concurrent.atomic.AtomicReference;

/** The state of the process between start and end. States only advance. Thread-safe. */
public final class Lifecycle {

    /** The states, in their order. */
    public enum State {
        /** Not everything listens yet; not ready. */
        STARTING,
        /** Serving. */
        READY,
        /** Terminating, but still serving and accepting while load balancers react; not ready. */
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
     * @return false, without a change, if that state or a later one was already reached
     */
    public boolean moveTo(State next) {
        return state.getAndUpdate(current -> next.compareTo(current) > 0 ? next : current)
                        .compareTo(next)
                < 0;
    }

    /**
     * Abandons a start that is not complete, so that the service never becomes ready.
     *
     * @return false, without a change, if it is or was ready
     */
    public boolean abandonStart() {
        return state.compareAndSet(State.STARTING, State.STOPPED);
    }

    /** Whether load balancers should send new connections here. */
    public boolean ready() {
        return state() == State.READY;
    }

    /** Whether the service is terminating. */
    public boolean draining() {
        return state().compareTo(State.LEAVING) >= 0;
    }

    /** Whether new connections are refused because the service is draining. */
    public boolean refusing() {
        return state().compareTo(State.DRAINING) >= 0;
    }
}
