package dev.resound.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Content counts only once two reads in a row return the same. */
@ExtendWith(VertxExtension.class)
class FileWatchTest {

    private static final FileWatch.Pace QUICK = new FileWatch.Pace(Duration.ofMillis(5), Duration.ofMillis(5));

    private final AtomicInteger reads = new AtomicInteger();
    private final List<String> settled = new CopyOnWriteArrayList<>();

    @Test
    void content_that_changes_with_each_read_never_settles(Vertx vertx) {
        watch(vertx, () -> "content " + reads.incrementAndGet());
        vertx.timer(200).await();
        assertThat(reads.get()).isGreaterThan(3);
        assertThat(settled).isEmpty();
    }

    @Test
    void settled_content_is_passed_on_after_each_read_even_if_it_has_not_changed(Vertx vertx) {
        watch(vertx, () -> "same");
        vertx.timer(200).await();
        assertThat(settled).hasSizeGreaterThan(1).containsOnly("same");
    }

    @Test
    void a_failed_read_is_logged_once_and_repeated(Vertx vertx) {
        try (var log = new CapturedLog(FileWatch.class)) {
            watch(vertx, () -> {
                if (reads.incrementAndGet() < 4) {
                    throw new IllegalStateException("on purpose");
                }
                return "same";
            });
            vertx.timer(300).await();
            assertThat(settled).contains("same");
            assertThat(log.lines()).containsExactly("ERROR cannot check files; retrying");
        }
    }

    @Test
    void after_close_nothing_is_read(Vertx vertx) {
        FileWatch<String> watch = watch(vertx, () -> "content " + reads.incrementAndGet());
        watch.close();
        vertx.timer(100).await();
        assertThat(reads.get()).isLessThanOrEqualTo(1);
    }

    private FileWatch<String> watch(Vertx vertx, Supplier<String> reader) {
        return FileWatch.start(
                vertx,
                "files",
                () -> Future.succeededFuture(reader.get()),
                content -> {
                    settled.add(content);
                    return Future.succeededFuture();
                },
                QUICK);
    }
}
