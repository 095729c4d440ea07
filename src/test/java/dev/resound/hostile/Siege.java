package dev.resound.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** Many attacks at the same time, each at its pace. */
final class Siege {

    private final int port;
    private final Optional<SSLContext> tls;
    private final Map<String, AtomicInteger> rounds = new ConcurrentSkipListMap<>();

    Siege(int port, Optional<SSLContext> tls) {
        this.port = port;
        this.tls = tls;
    }

    /** The attacks on a port of plain text. */
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
        try (ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
                ExecutorService attackers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> starts = attacks.stream()
                    .map(attack -> clock.scheduleAtFixedRate(
                            () -> attackers.execute(() -> strike(attack, clock)),
                            0,
                            attack.pause().toMillis(),
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
        rounds.computeIfAbsent(attack.name(), name -> new AtomicInteger()).incrementAndGet();
        try (var sockets = new Sockets(port, tls)) {
            // What blocks on a server that does not answer ends with its sockets.
            ScheduledFuture<?> end =
                    clock.schedule(sockets::close, attack.longest().toMillis(), TimeUnit.MILLISECONDS);
            attack.round().strike(sockets);
            end.cancel(false);
        } catch (IOException defended) {
            // The server's right.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many rounds there were of each attack. */
    Map<String, AtomicInteger> rounds() {
        return rounds;
    }
}
