package dev.resound.transport;

/** Which of the kernel's interfaces the event loops use. {@code AUTO} takes the best one that starts. */
public enum TransportChoice {
    AUTO,
    IO_URING,
    EPOLL,
    NIO
}
