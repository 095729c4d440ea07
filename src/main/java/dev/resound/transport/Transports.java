package dev.resound.transport;

import dev.resound.lifecycle.StartFailure;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Selects the transport for a {@link TransportChoice} on this machine. */
public final class Transports {

    private Transports() {}

    /** A transport of Vert.x with guarded listening sockets. */
    private record Guarded(Transport transport, GuardedTransport implementation) implements Transport {

        static final Map<Transport, Guarded> ALL = new ConcurrentHashMap<>();

        static Guarded of(Transport transport) {
            return ALL.computeIfAbsent(
                    transport,
                    known -> new Guarded(known, new GuardedTransport(known.implementation(), kindOf(known))));
        }

        private static GuardedTransport.Kind kindOf(Transport transport) {
            if (transport.equals(Transport.IO_URING)) {
                return GuardedTransport.Kind.IO_URING;
            }
            return transport.equals(Transport.EPOLL) ? GuardedTransport.Kind.EPOLL : GuardedTransport.Kind.OTHER;
        }

        @Override
        public String name() {
            return transport.name();
        }

        @Override
        public boolean available() {
            return transport.available();
        }

        @Override
        public Throwable unavailabilityCause() {
            return transport.unavailabilityCause();
        }
    }

    /**
     * Returns the transport to use.
     *
     * @throws StartFailure if it was requested by name and is not available
     */
    public static Transport select(TransportChoice choice) {
        return Guarded.of(
                switch (choice) {
                    case AUTO ->
                        Stream.of(Transport.IO_URING, Transport.EPOLL)
                                .filter(Transports::isAvailable)
                                .findFirst()
                                .orElse(Transport.NIO);
                    case IO_URING -> require(choice, Transport.IO_URING);
                    case EPOLL -> require(choice, Transport.EPOLL);
                    case NIO -> Transport.NIO;
                });
    }

    /**
     * Sets the address of the next server, which listens on IPv4 only if this is an IPv4 address, {@code 0.0.0.0}
     * included. Must be called right before the server listens.
     *
     * @param host the address to bind
     */
    public static void listenOn(Vertx vertx, String host) {
        if (((VertxInternal) vertx).transport() instanceof GuardedTransport guarded) {
            guarded.listenOn(host);
        }
    }

    /** The name of the transport that this Vert.x runs on: {@code io_uring}, {@code epoll} or {@code nio}. */
    public static String nameOf(Vertx vertx) {
        var used = ((VertxInternal) vertx).transport();
        return Guarded.ALL.values().stream()
                .filter(guarded -> guarded.implementation().equals(used))
                .findFirst()
                .map(Transport.class::cast)
                .orElse(Transport.NIO)
                .name();
    }

    private static Transport require(TransportChoice choice, @Nullable Transport transport) {
        if (transport != null && isAvailable(transport)) {
            return transport;
        }
        Throwable cause = Optional.ofNullable(transport)
                .map(Transport::unavailabilityCause)
                .orElseGet(() -> new UnsupportedOperationException("not supported on this system"));
        throw new StartFailure("transport %s is not available here: %s".formatted(choice, rootOf(cause)), cause);
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
