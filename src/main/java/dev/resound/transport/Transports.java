package dev.resound.transport;

import dev.resound.lifecycle.StartFailure;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the transport that a {@link TransportChoice} stands for on this machine. */
public final class Transports {

    private Transports() {}

    /**
     * The transport to run on.
     *
     * @throws StartFailure if it was asked for by name and cannot be had here
     */
    public static Transport select(TransportChoice choice) {
        return switch (choice) {
            case AUTO ->
                Stream.of(Transport.IO_URING, Transport.EPOLL)
                        .filter(Transports::isAvailable)
                        .findFirst()
                        .orElse(Transport.NIO);
            case IO_URING -> require(choice, Transport.IO_URING);
            case EPOLL -> require(choice, Transport.EPOLL);
            case NIO -> Transport.NIO;
        };
    }

    /** What the transport that this Vert.x really runs on is called, {@code io_uring}, {@code epoll} or {@code nio}. */
    public static String nameOf(Vertx vertx) {
        var used = ((VertxInternal) vertx).transport();
        return Stream.of(Transport.IO_URING, Transport.EPOLL)
                .filter(Objects::nonNull)
                .filter(transport -> transport.implementation().equals(used))
                .findFirst()
                .orElse(Transport.NIO)
                .name();
    }

    private static Transport require(TransportChoice choice, @Nullable Transport transport) {
        if (transport != null && isAvailable(transport)) {
            return transport;
        }
        Throwable cause = Optional.ofNullable(transport)
                .map(Transport::unavailabilityCause)
                .orElseGet(() -> new UnsupportedOperationException("not a part of this system"));
        throw new StartFailure("transport %s cannot be had here: %s".formatted(choice, rootOf(cause)), cause);
    }

    private static boolean isAvailable(@Nullable Transport transport) {
        return transport != null && transport.available();
    }

    private static String rootOf(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = Objects.requireNonNull(root.getCause());
        }
        return String.valueOf(root.getMessage());
    }
}
