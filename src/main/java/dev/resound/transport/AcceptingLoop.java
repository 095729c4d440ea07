package dev.resound.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A group of one event loop, which accepts connections and belongs to the group that serves them. Vert.x would accept on
 * a thread of its own, which has to wake the serving one for each connection: 8 % of the CPU time of a short one. If
 * this group is shut down, the loop goes on.
 */
final class AcceptingLoop extends AbstractEventExecutorGroup implements EventLoopGroup {

    private final EventLoop loop;
    private final Promise<Object> terminated = GlobalEventExecutor.INSTANCE.newPromise();
    private volatile boolean shuttingDown;

    AcceptingLoop(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public EventLoop next() {
        return loop;
    }

    @Override
    public Iterator<EventExecutor> iterator() {
        return List.<EventExecutor>of(loop).iterator();
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return loop.register(channel);
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        return loop.register(promise);
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        return loop.register(channel, promise);
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        shuttingDown = true;
        terminated.trySuccess(this);
        return terminated;
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // The interface of Netty.
    public void shutdown() {
        shutdownGracefully();
    }

    @Override
    public Future<?> terminationFuture() {
        return terminated;
    }

    @Override
    public boolean isShuttingDown() {
        return shuttingDown;
    }

    @Override
    public boolean isShutdown() {
        return shuttingDown;
    }

    @Override
    public boolean isTerminated() {
        return shuttingDown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shuttingDown;
    }
}
