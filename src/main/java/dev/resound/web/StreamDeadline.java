package dev.resound.web;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an HTTP/2 connection on which no stream has begun or ended for a while: one without requests, with a request that drips,
 * or whose client does not take its answers. PING, SETTINGS and WINDOW_UPDATE are no signs of life. How many streams there are
 * at a time, and how often they are reset, is limited by the settings of Vert.x. When too many wait, the time is shorter: see
 * {@link WaitingRoom}.
 */
final class StreamDeadline extends Http2ConnectionAdapter implements WaitingRoom.Guest {

    private final Channel channel;
    private final Duration timeout;
    private final WaitingRoom room;
    private @Nullable Future<?> timer;

    private StreamDeadline(Channel channel, Duration timeout, WaitingRoom room) {
        this.channel = channel;
        this.timeout = timeout;
        this.room = room;
    }

    /** Watches over a connection whose client has sent its settings. */
    static void watch(HttpConnection connection, Duration timeout, WaitingRoom room) {
        Channel channel = RequestDeadline.channelOf(connection);
        Duration first = ArrivalDeadline.leave(channel.pipeline()).orElse(timeout);
        var watching = new StreamDeadline(channel, timeout, room);
        channel.pipeline().get(Http2ConnectionHandler.class).connection().addListener(watching);
        channel.closeFuture().addListener(closed -> watching.end());
        watching.arm(first);
    }

    @Override
    public void onStreamActive(Http2Stream stream) {
        arm(timeout);
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        arm(timeout);
    }

    private void arm(Duration time) {
        disarm();
        if (channel.isActive()) {
            room.enter(this);
            timer = channel.eventLoop().schedule(this::expireEarly, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void end() {
        disarm();
        room.leave(this);
    }

    /** Sends GOAWAY first. */
    @Override
    public void expireEarly() {
        channel.close();
    }
}
