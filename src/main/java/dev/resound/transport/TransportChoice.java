package dev.resound.transport;

/** The transport of the event loops. {@code AUTO} selects the best one that is available. */
public enum TransportChoice {
    AUTO,
    IO_URING,
    EPOLL,
    NIO
}
