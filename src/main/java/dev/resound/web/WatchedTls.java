package dev.resound.web;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * The JDK's TLS with an {@link ArrivalDeadline} for each connection. Vert.x shows a connection only when its TLS handshake is
 * done, and one of HTTP/2 even later, so nothing else could watch over it from its accept on.
 */
final class WatchedTls extends JdkSSLEngineOptions {

    static {
        // A client could have us do the costly part of a handshake again and again on one connection of TLS 1.2.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final Duration timeout;

    WatchedTls(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                return new WatchedContext(super.create(), timeout);
            }
        };
    }

    private static final class WatchedContext extends SslContext {

        private final SslContext context;
        private final Duration timeout;

        WatchedContext(SslContext context, Duration timeout) {
            this.context = context;
            this.timeout = timeout;
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor executor) {
            return new WatchedHandler(newEngine(allocator), executor, timeout);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator allocator, String host, int port, boolean startTls, Executor executor) {
            return new WatchedHandler(newEngine(allocator, host, port), executor, timeout);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator) {
            return context.newEngine(allocator);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
            return context.newEngine(allocator, host, port);
        }

        @Override
        public boolean isClient() {
            return context.isClient();
        }

        @Override
        public List<String> cipherSuites() {
            return context.cipherSuites();
        }

        @Override
        @SuppressWarnings("deprecation") // It has to be answered all the same.
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return context.applicationProtocolNegotiator();
        }

        @Override
        public SSLSessionContext sessionContext() {
            return context.sessionContext();
        }
    }

    private static final class WatchedHandler extends SslHandler {

        private final Duration timeout;

        WatchedHandler(SSLEngine engine, Executor executor, Duration timeout) {
            super(engine, executor);
            this.timeout = timeout;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
            ctx.pipeline().addBefore(ctx.name(), "resound-arrival-deadline", new ArrivalDeadline(timeout));
            super.handlerAdded(ctx);
        }
    }
}
