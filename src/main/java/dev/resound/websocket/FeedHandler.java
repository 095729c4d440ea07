package dev.resound.websocket;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.DataFrame;
import dev.resound.websocket.protocol.SharedMessage;
import dev.resound.websocket.protocol.SubprotocolHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the live feed on one connection. Sends a ping after each state, and the next state only once the pong has
 * arrived. TCP alone is not enough: between a page that does not read and the service, the kernels buffer hundreds of
 * states, and all of them would be outdated when the page reads again.
 */
final class FeedHandler implements SubprotocolHandler, Subscriber {

    /** The limit of events to send before the client shows that it reads. */
    private static final int MAX_UNREAD = 20;

    private final Feed feed;
    private final boolean probes;
    private @Nullable Connection connection;
    private int newestProbe;
    /** The probe after the newest state. The feed is {@link #behind} until its pong arrives. */
    private int awaited;

    /** Whether the pong of that probe has not arrived yet. */
    private boolean behind;
    /** Events since the last pong. */
    private int unread;
    /**
     * Whether the client has answered a probe. RFC 6455 section 5.5.2 requires an answer, but the feed does not wait for
     * a client that never answers.
     */
    private boolean answers;

    /** @param probes whether pings may find out if the client reads; without them, only the socket's buffer limits what is sent */
    FeedHandler(Feed feed, boolean probes) {
        this.feed = feed;
        this.probes = probes;
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
        send(feed.subscribe(this), opened);
    }

    /** Messages from a client of the feed are counted, but not echoed. */
    @Override
    public boolean echoes(DataFrame frame) {
        return false;
    }

    @Override
    public void state(SharedMessage message) {
        Connection to = connection;
        if (to != null && !(behind && answers) && !to.isBusy()) {
            send(message, to);
        }
    }

    private void send(SharedMessage message, Connection to) {
        to.send(message);
        awaited = probe(to);
        behind = true;
        unread = answers ? unread : 0;
        to.flush();
    }

    @Override
    public void event(SharedMessage message) {
        Connection to = connection;
        if (to != null && unread < MAX_UNREAD && !to.isBusy()) {
            to.send(message);
            if (++unread == MAX_UNREAD / 2) {
                probe(to);
            }
            to.flush();
        }
    }

    private int probe(Connection to) {
        if (!probes) {
            return newestProbe;
        }
        to.sendProbe(ByteBuffer.allocate(Integer.BYTES).putInt(++newestProbe).array());
        return newestProbe;
    }

    /** Handles the pong of a probe. Probes are shorter than keep-alive pings, so their pongs cannot be confused. */
    @Override
    public void onPong(byte[] payload) {
        if (payload.length == Integer.BYTES) {
            int answered = ByteBuffer.wrap(payload).getInt();
            answers = true;
            behind &= answered - awaited < 0;
            unread = 0;
        }
    }

    @Override
    public void closing() {
        connection = null;
        feed.unsubscribe(this);
    }
}
