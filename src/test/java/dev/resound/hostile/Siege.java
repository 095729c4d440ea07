package dev.resound.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** Many attacks at the same time, each at its pace. */
final class Siege {

    /**
     * A handshake of TLS costs both sides some milliseconds, and so do hundreds of frames of HTTP/2. The processors are
     * not what is tested.
     */
    private static final int SLOWER = 4;

    /** More than one, as a socket's end may take its time. */
    private static final int CLOCKS = 4;

    private final int port;
    private final Optional<SSLContext> tls;
    private final boolean slowly;

    /** @param slowly whether each attack has longer pauses */
    Siege(int port, Optional<SSLContext> tls, boolean slowly) {
        this.port = port;
        this.tls = tls;
        this.slowly = slowly;
    }

    /** The attacks on a port of plain text, but for those on HTTP/2. */
    static List<Attack> plain() {
        return Stream.of(HttpAttacks.all(), FrameAttacks.all())
                .flatMap(List::stream)
                .toList();
    }

    /** The attacks on a port of TLS. */
    static List<Attack> tls() {
        return Stream.of(HttpAttacks.all(), FrameAttacks.all(), TlsAttacks.all(), Http2Attacks.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Attacks for so long; returns when the last socket is closed. */
    void run(List<Attack> attacks, Duration time) throws InterruptedException {
        try (ScheduledExecutorService clock = Executors.newScheduledThreadPool(CLOCKS);
                ExecutorService attackers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> starts = attacks.stream()
                    .map(attack -> clock.scheduleAtFixedRate(
                            () -> attackers.execute(() -> strike(attack, clock)),
                            0,
                            attack.pause().toMillis() * (slowly ? SLOWER : 1),
                            TimeUnit.MILLISECONDS))
                    .toList();
            Thread.sleep(time);
            starts.forEach(start -> start.cancel(false));
            Thread.sleep(attacks.stream()
                    .map(Attack::longest)
                    .max(Duration::compareTo)
                    .orElseThrow());
        }
    }

    private void strike(Attack attack, ScheduledExecutorService clock) {
        Thread attacker = Thread.currentThread();
        try (var sockets = new Sockets(port, tls)) {
            // What blocks on a server that does not answer ends with its sockets; what rests is woken up.
            ScheduledFuture<?> end = clock.schedule(
                    () -> {
                        sockets.closeAll();
                        attacker.interrupt();
                    },
                    attack.longest().toMillis(),
                    TimeUnit.MILLISECONDS);
            attack.round().strike(sockets);
            end.cancel(false);
        } catch (IOException | InterruptedException over) {
            // The server has defended itself, or the round is over.
        }
    }
}
