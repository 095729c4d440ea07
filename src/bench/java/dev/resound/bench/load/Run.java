package dev.resound.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** One server under one load: connect, warm up, measure, wait for what is still on its way, close. */
final class Run implements AutoCloseable {

    private static final long LONGEST_LATENCY = TimeUnit.MINUTES.toNanos(2);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final Job job;
    private final Selector selector = Selector.open();
    private final List<Session> sessions = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final Pace pace;
    /** The server's memory before it has any of the connections. */
    private final long resident;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
    private final Histogram latencies = new Histogram(LONGEST_LATENCY, 3);
    /** Made once, as a select would make another one each time. */
    private final Consumer<SelectionKey> whenReady = this::ready;

    private final Session.EchoListener whenEchoed = this::echoed;

    private boolean sending = true;
    private long echoes;
    /** What was sent in this time is measured. */
    private long from = Long.MAX_VALUE;

    private long until = Long.MAX_VALUE;

    Run(Job job) throws IOException {
        this.job = job;
        var load = job.load();
        var message = new Message(load.content(), load.size(), job.wire().deflate());
        ByteBuffer frames = message.frames(load.depth());
        resident = residentMemory();
        while (load.kind() != Load.Kind.CHURN && connections.size() < load.connections()) {
            var session = open(load.connections() - connections.size(), message, frames);
            sessions.add(session);
            connections.addAll(session.connections());
        }
        pace = switch (load.kind()) {
            case ECHO ->
                load.isOpen() ? new OpenLoop(connections, load.rate()) : new ClosedLoop(connections, load.depth());
            case CHURN -> new Churn(sessions, load.connections(), () -> Visit.begin(selector, job, message, frames));
            case IDLE -> new Silence();
        };
    }

    private long residentMemory() throws IOException {
        return job.load().kind() == Load.Kind.IDLE
                ? Usage.residentMemoryWithoutGarbage(job.pid())
                : Usage.residentMemory(job.pid());
    }

    private Session open(int most, Message message, ByteBuffer frames) throws IOException {
        var wire = job.wire();
        var link = Link.connect(selector, job.port(), wire.tls() ? Trust.engine(wire.streams() > 0) : null);
        return wire.streams() == 0
                ? Http1Session.open(link, job.port(), wire.deflate(), message, frames)
                : Http2Session.open(link, job.port(), Math.min(most, wire.streams()), message, frames);
    }

    Figures measure() throws IOException {
        long start = System.nanoTime();
        pace.start(start);
        turnUntil(start + job.warmUp());
        Usage before = Usage.upToNow(job.pid());
        long echoesBefore = echoes;
        from = before.time();
        until = from + job.duration();
        turnUntil(until);
        Usage used = Usage.upToNow(job.pid()).since(before);
        long measured = echoes - echoesBefore;
        awaitTheRest();
        return new Figures(job.load(), measured, used, resident, residentMemory(), latencies);
    }

    private void turnUntil(long end) throws IOException {
        while (System.nanoTime() - end < 0) {
            turn();
        }
    }

    private void turn() throws IOException {
        if (sending && !pace.onTurn()) {
            selector.selectNow(whenReady);
        } else {
            selector.select(whenReady, 10);
        }
    }

    private void ready(SelectionKey key) {
        var session = (Session) key.attachment();
        try {
            if (key.isWritable()) {
                session.onWritable();
            }
            if (key.isReadable()) {
                session.onReadable(buffer, whenEchoed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void echoed(Connection connection, int came) throws IOException {
        long now = System.nanoTime();
        echoes += came;
        for (int i = 0; i < came; i++) {
            long sent = connection.sent();
            if (sent >= from && sent < until) {
                latencies.recordValue(Math.clamp(now - sent, 0, LONGEST_LATENCY));
            }
        }
        if (sending) {
            pace.onEchoes(connection, came, now);
        }
    }

    private void awaitTheRest() throws IOException {
        sending = false;
        long deadline = System.nanoTime() + PATIENCE;
        while (outstanding() > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new EchoFailure(outstanding() + " echoes, or ends of connections, did not come");
            }
            turn();
        }
    }

    private long outstanding() {
        return sessions.stream().mapToLong(Session::outstanding).sum();
    }

    /** Closes the connections in good order, as far as the server takes part in it. */
    @Override
    public void close() throws IOException {
        sending = false;
        for (Connection connection : connections) {
            connection.beginClose();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (sessions.stream().anyMatch(Session::isOpen) && System.nanoTime() - deadline < 0) {
            turn();
        }
        for (Session session : sessions) {
            session.close();
        }
        selector.close();
    }
}
