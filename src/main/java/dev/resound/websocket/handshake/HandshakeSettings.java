package dev.resound.websocket.handshake;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the opening handshake.
 *
 * @param allowedOrigins origins that may connect, in the notation of {@link OriginPolicy}; an empty list allows all
 * @param feedOrigins the same for each feed that is enabled, by its subprotocol
 * @param requireOrigin whether to reject a request without {@code Origin}
 * @param trustedProxies addresses and networks whose {@code X-Forwarded-For} is trusted
 * @param ipv6PrefixLength the prefix of an IPv6 address that counts as one client
 * @param probes whether clients may turn off the keep-alive
 * @param explain whether clients may see how the service sees their handshake
 * @param faults whether clients may request faults
 * @param compression how to negotiate permessage-deflate; empty if compression is disabled
 */
public record HandshakeSettings(
        List<String> allowedOrigins,
        Map<Subprotocol, List<String>> feedOrigins,
        boolean requireOrigin,
        List<String> trustedProxies,
        int ipv6PrefixLength,
        boolean probes,
        boolean explain,
        boolean faults,
        Optional<DeflateSettings> compression) {}
