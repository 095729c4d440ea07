package dev.resound.websocket;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.SharedMessage;
import dev.resound.websocket.protocol.SubprotocolHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the feed. Behind each state goes a ping, and the next state follows only when its pong has come. TCP alone
 * would not do: between a page that does not read and our side, the kernels keep hundreds of states, and all of them would be old
 * when it reads again.
 */
final class FeedHandler implements SubprotocolHandler, Subscriber {

    /** Events that a client gets before it has shown that it reads. */
    private static final int MOST_UNREAD = 20;

    private final Feed feed;
    private @Nullable Connection connection;
    private int newestProbe;
    /** The probe behind the newest state, while its pong has not come. */
    private int awaited;

    private boolean behind;
    private int unread;
    /** A client that has never answered a ping, as RFC 6455 section 5.5.2 has it do, is not waited for. */
    private boolean answers;

    FeedHandler(Feed feed) {
        this.feed = feed;
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
        send(feed.subscribe(this), opened);
    }

    /** What a client of the feed says is counted, and nothing else. */
    @Override
    public boolean echoes() {
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
        if (to != null && unread < MOST_UNREAD && !to.isBusy()) {
            to.send(message);
            if (++unread == MOST_UNREAD / 2) {
                probe(to);
            }
            to.flush();
        }
    }

    private int probe(Connection to) {
        to.sendProbe(ByteBuffer.allocate(Integer.BYTES).putInt(++newestProbe).array());
        return newestProbe;
    }

    /** Our probes are shorter than a keep-alive ping, so that no pong is taken for one of the other. */
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
