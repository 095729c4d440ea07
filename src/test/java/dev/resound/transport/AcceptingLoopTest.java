package dev.resound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.TestTransport;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AcceptingLoopTest {

    private static Vertx vertx(TestTransport transport, int loops) {
        return Vertx.builder()
                .withTransport(transport.vertxTransport())
                .with(new VertxOptions().setEventLoopPoolSize(loops))
                .build();
    }

    private static EventLoop acceptor(Vertx vertx) {
        return ((VertxInternal) vertx).acceptorEventLoopGroup().next();
    }

    private static List<EventLoop> serving(Vertx vertx) {
        List<EventLoop> loops = new ArrayList<>();
        ((VertxInternal) vertx).nettyEventLoopGroup().forEach(loop -> loops.add((EventLoop) loop));
        return loops;
    }

    @ParameterizedTest
    @EnumSource(names = {"IO_URING", "EPOLL", "NIO"})
    void one_of_the_serving_loops_accepts(TestTransport transport) throws InterruptedException {
        Vertx vertx = vertx(transport, 2);
        assertThat(serving(vertx)).hasSize(2).contains(acceptor(vertx));
        BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        int port = vertx.createNetServer()
                .connectHandler(socket -> threads.add(Thread.currentThread().getName()))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        NetSocket client = vertx.createNetClient().connect(port, "127.0.0.1").await();
        assertThat(threads.poll(10, TimeUnit.SECONDS)).contains("eventloop");
        client.close().await();
        vertx.close().await();
        assertThat(serving(vertx)).allMatch(EventLoop::isShuttingDown);
    }

    @Test
    void instances_that_are_created_at_the_same_time_do_not_share_a_loop() throws InterruptedException {
        var instances = new ConcurrentLinkedQueue<Vertx>();
        List<Thread> creating = Stream.generate(() ->
                        Thread.ofPlatform().start(() -> instances.add(vertx(TestTransport.NIO, 1))))
                .limit(8)
                .toList();
        for (Thread thread : creating) {
            thread.join();
        }
        assertThat(instances)
                .hasSize(8)
                .allSatisfy(vertx -> assertThat(serving(vertx)).containsExactly(acceptor(vertx)));
        instances.forEach(vertx -> vertx.close().await());
    }
}
