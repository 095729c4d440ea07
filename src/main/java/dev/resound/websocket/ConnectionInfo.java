package dev.resound.websocket;

import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a connection and its client.
 *
 * @param id unique during the life of the process, for logs and events
 * @param kind what the connection is for
 * @param http the HTTP protocol of its handshake
 * @param remoteAddress the client's address in canonical form, for example {@code 192.0.2.1:50112} or
 *     {@code [2001:db8::1]:50112}; without a port if a trusted proxy forwarded it
 * @param origin the {@code Origin} header, truncated if it is long; null if the client sent none, as is usual for
 *     clients other than browsers
 */
public record ConnectionInfo(
        String id,
        ConnectionKind kind,
        HttpProtocol http,
        String remoteAddress,
        @Nullable String origin) {}
