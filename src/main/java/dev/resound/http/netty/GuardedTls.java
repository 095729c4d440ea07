package dev.resound.http.netty;

import dev.resound.websocket.netty.TcpClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * The TLS of the JDK with an {@link ArrivalGate} per connection. Vert.x announces a connection only after its TLS
 * handshake, an HTTP/2 connection even later, so only the TLS context can guard it from accept. The event loop must
 * have a {@link ConnectionGuard} made by {@link ConnectionGuard#ofPublicPort}.
 */
public final class GuardedTls extends JdkSSLEngineOptions {

    /**
     * TLS 1.2 sessions kept for resumption by clients without tickets. The default is 20,480, of some KB of heap each.
     */
    private static final int MAX_SESSIONS = 1024;

    static {
        // Otherwise a TLS 1.2 client could repeat the expensive part of a handshake on one connection.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                SslContext context = super.create();
                context.sessionContext().setSessionCacheSize(MAX_SESSIONS);
                return new GuardedContext(context);
            }
        };
    }

    private static final class GuardedContext extends SslContext {

        private final SslContext context;

        GuardedContext(SslContext context) {
            this.context = context;
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor executor) {
            return new GuardedHandler(newEngine(allocator), executor);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator allocator, String host, int port, boolean startTls, Executor executor) {
            return new GuardedHandler(newEngine(allocator, host, port), executor);
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
        @SuppressWarnings("deprecation") // Still abstract in SslContext.
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return context.applicationProtocolNegotiator();
        }

        @Override
        public SSLSessionContext sessionContext() {
            return context.sessionContext();
        }
    }

    /**
     * Limits TLS records without data. Each KeyUpdate makes the server derive new keys, and one read can contain
     * thousands. OpenSSL allows 32 in a row; the JDK has no limit.
     */
    private static final class GuardedHandler extends SslHandler {

        /** The limit of bytes without data: one incomplete record of the largest size plus 150 of the smallest. */
        private static final int MAX_EXCESS = 16 * 1024 + 256 + 4 * 1024;

        /** Above this many bytes, a read is processed in parts. */
        private static final int NOTICEABLE = 1024;

        /** The maximum size of a record without its data. */
        private static final int RECORD_OVERHEAD = 48;

        /**
         * The limit of bytes until the handshake is complete, including what follows it in the same read. The JDK
         * accepts messages of 32 KiB, and a client may send each byte in its own record.
         */
        private static final int MAX_HANDSHAKE = 128 * 1024;

        /** Bytes of records received without data. */
        private int excess;

        private int handshakeBytes;

        GuardedHandler(SSLEngine engine, Executor executor) {
            super(engine, executor);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
            ConnectionGuard guard = ConnectionGuard.ofThisLoop();
            if (guard.rules().proxyProtocol()) {
                ProxyHeader.expect(ctx.pipeline(), ctx.name());
            }
            ArrivalGate.install(ctx.pipeline(), ctx.name(), guard);
            ctx.pipeline().addAfter(ctx.name(), "resound-plaintext", new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext next, Object message) {
                    if (message instanceof ByteBuf data) {
                        excess = Math.max(0, excess - data.readableBytes() - RECORD_OVERHEAD);
                    }
                    next.fireChannelRead(message);
                }
            });
            super.handlerAdded(ctx);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
            if (!(message instanceof ByteBuf bytes)) {
                super.channelRead(ctx, message);
                return;
            }
            if (!handshakeFuture().isSuccess()) {
                handshakeBytes += bytes.readableBytes();
                if (handshakeBytes > MAX_HANDSHAKE) {
                    bytes.release();
                    TcpClose.close(ctx.channel());
                } else {
                    super.channelRead(ctx, message);
                }
                return;
            }
            while (excess >= NOTICEABLE && bytes.readableBytes() > MAX_EXCESS - excess) {
                if (excess >= MAX_EXCESS || ctx.isRemoved()) {
                    bytes.release();
                    TcpClose.close(ctx.channel());
                    return;
                }
                int part = MAX_EXCESS - excess;
                excess = MAX_EXCESS;
                super.channelRead(ctx, bytes.readRetainedSlice(part));
            }
            excess += bytes.readableBytes();
            super.channelRead(ctx, bytes);
        }
    }
}
