package dev.resound.websocket;

import org.jspecify.annotations.Nullable;

/**
 * Who is connected.
 *
 * @param id unique within the process's life, for logs and events
 * @param protocol what the connection is for
 * @param remoteAddress the client's IP address: with its port as the socket sees it, or as a trusted proxy told it
 * @param origin the {@code Origin} header as sent; absent where the client is no browser
 */
public record ConnectionInfo(
        String id,
        Protocol protocol,
        String remoteAddress,
        @Nullable String origin) {}
