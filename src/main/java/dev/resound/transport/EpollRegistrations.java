package dev.resound.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Keeps the sockets of an event loop registered with epoll while they wait for no event. Once the client has ended its
 * side, a socket waits for no event until output has to wait for the client. Netty 4.2.18 removes such a socket from
 * epoll, but later modifies the registration that no longer exists. This fails with {@code ENOENT}, Netty closes the
 * connection, and the output is lost.
 *
 * <p>So a socket that waits for no event is registered for {@code EPOLLET} alone: epoll then reports only a reset, and
 * only once.
 */
final class EpollRegistrations implements IoHandler {

    private final IoHandler epoll;

    private EpollRegistrations(IoHandler epoll) {
        this.epoll = epoll;
    }

    /** Wraps the handlers that a factory creates. */
    static IoHandlerFactory wrap(IoHandlerFactory factory) {
        return executor -> new EpollRegistrations(factory.newHandler(executor));
    }

    /** A registration that is never removed before it is cancelled. */
    private record Kept(IoRegistration registration) implements IoRegistration {

        @Override
        public long submit(IoOps ops) {
            return registration.submit(EpollIoOps.NONE.equals(ops) ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // The interface of Netty.
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Kept(epoll.register(handle));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }
}
