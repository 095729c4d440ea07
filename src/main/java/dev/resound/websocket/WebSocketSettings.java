package dev.resound.websocket;

import dev.resound.setting.ByteSize;
import dev.resound.setting.Durations;
import dev.resound.setting.Live;
import dev.resound.setting.Rules;
import dev.resound.websocket.handshake.DeflateSettings;
import dev.resound.websocket.handshake.HandshakeSettings;
import dev.resound.websocket.handshake.OriginPolicy;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.handshake.TrustedProxies;
import dev.resound.websocket.protocol.ProtocolSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How WebSocket connections are accepted, kept alive and limited.
 *
 * @param path the path that upgrades; compared exactly
 * @param keepAliveInterval X of the 2*X rule: the server pings every X, and ends a connection that has received nothing
 *     for 2*X; 0 turns both off
 * @param keepAliveTimeout replaces 2*X, with or without pings; 0 means 2*X
 * @param receiveBufferSize a frame of up to this size is echoed as one frame; a larger one is echoed as it arrives, in
 *     pieces of at least this size
 * @param maxFrameSize a frame with a larger payload ends the connection with 1009; 0 means no limit, which is safe
 *     because no frame is buffered whole
 * @param allowedOrigins origins that may connect: {@code https://client.com}, {@code https://*.client.com},
 *     {@code same-origin} or {@code null}; an empty list allows all (RFC 6455 section 10.2)
 * @param requireOrigin whether to reject a request without {@code Origin}; browsers always send one
 * @param maxConnections open connections in total; 0 derives the limit from the heap
 * @param maxConnectionsPerAddress open connections of one client address; 0 means no limit
 * @param maxProbes open connections that have asked for {@code keep-alive=off}, in total; 0 refuses all of them
 * @param ipv6PrefixLength the prefix of an IPv6 address, in bits from 1 to 128, that counts as one client for that
 *     limit; a single host often has a whole /64
 * @param trustedProxies addresses and networks whose {@code X-Forwarded-For} determines the client's address, for the
 *     limit and the log; an empty list trusts none
 * @param compression whether to accept permessage-deflate (RFC 7692). Off by default: compressing secrets together with
 *     input that an attacker controls reveals the secrets through the length of the output (CRIME, BREACH), and each
 *     connection costs more memory and time
 * @param deflate how to compress
 * @param http2 whether a stream of an HTTP/2 connection can become a WebSocket (RFC 8441), over TLS and in clear text
 * @param closingTimeout how long a peer may take to answer a Close frame before its TCP connection is closed
 * @param handshakeTimeout from the accepted TCP connection, or the end of the previous response, to the end of the
 *     request
 * @param explain whether {@code ?explain} on the path explains what would happen to a handshake
 */
public record WebSocketSettings(
        String path,
        @Live Duration keepAliveInterval,
        @Live Duration keepAliveTimeout,
        ByteSize receiveBufferSize,
        @Live ByteSize maxFrameSize,
        @Live List<String> allowedOrigins,
        @Live boolean requireOrigin,
        @Live int maxConnections,
        @Live int maxConnectionsPerAddress,
        @Live int maxProbes,
        @Live int ipv6PrefixLength,
        @Live List<String> trustedProxies,
        @Live boolean compression,
        @Live DeflateSettings deflate,
        boolean http2,
        @Live Duration closingTimeout,
        Duration handshakeTimeout,
        @Live boolean explain) {

    // Before DEFAULT, whose constructor uses them.
    private static final Duration SHORTEST = Duration.ofMillis(10);

    private static final Duration LONGEST = Duration.ofDays(1);

    /** Longer than the idle timeouts of proxies that a probe looks for, and short enough to free the place of a dead one. */
    private static final Duration PROBE_TIMEOUT = Duration.ofMinutes(30);

    /** Paths of the client page and the dashboard, which the WebSocket path would hide. */
    private static final Pattern PAGES =
            Pattern.compile("/dashboard/?|.*\\.(html|css|m?js|map|svg|ico|png|txt|json|webmanifest)");

    public static final WebSocketSettings DEFAULT = new WebSocketSettings(
            "/ws",
            Duration.ofMinutes(2),
            Duration.ZERO,
            ByteSize.ofKiB(4),
            ByteSize.ofMiB(1),
            List.of(),
            false,
            0,
            0,
            100,
            64,
            List.of(),
            false,
            DeflateSettings.DEFAULT,
            true,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            true);

    public WebSocketSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
        trustedProxies = List.copyOf(trustedProxies);
        var rules = new Rules()
                .require(isPath(path), "path", path, "must be /name or /name/name, of letters, digits and ._~-")
                .require(
                        !PAGES.matcher(path).matches(),
                        "path",
                        path,
                        "must not be /dashboard or end in .html, .css, .js or another extension of static files")
                .require(
                        keepAliveInterval.isZero() || isBetween(keepAliveInterval, SHORTEST, LONGEST),
                        "keepAliveInterval",
                        Durations.format(keepAliveInterval),
                        zeroOrBetween("off"))
                .require(
                        keepAliveTimeout.isZero() || isBetween(keepAliveTimeout, SHORTEST, LONGEST),
                        "keepAliveTimeout",
                        Durations.format(keepAliveTimeout),
                        zeroOrBetween("twice keep-alive-interval"))
                .between("receiveBufferSize", receiveBufferSize, new ByteSize(128), ByteSize.ofMiB(1))
                .between("maxConnections", maxConnections, 0, Integer.MAX_VALUE)
                .between("maxConnectionsPerAddress", maxConnectionsPerAddress, 0, Integer.MAX_VALUE)
                .between("maxProbes", maxProbes, 0, Integer.MAX_VALUE)
                .between("ipv6PrefixLength", ipv6PrefixLength, 1, 128)
                .between("closingTimeout", closingTimeout, SHORTEST, LONGEST)
                .between("handshakeTimeout", handshakeTimeout, SHORTEST, LONGEST);
        for (String entry : allowedOrigins) {
            OriginPolicy.problem(entry).ifPresent(rule -> rules.require(false, "allowedOrigins", entry, rule));
        }
        for (String entry : trustedProxies) {
            TrustedProxies.problem(entry).ifPresent(rule -> rules.require(false, "trustedProxies", entry, rule));
        }
        rules.check();
    }

    /**
     * Whether a path is {@code /name/name}; a name must not start with a dot. Not a regex: a repeated group would
     * recurse.
     */
    private static boolean isPath(String path) {
        char before = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean fits = c == '/' ? before != '/' : before != 0 && isNameCharacter(c) && !(c == '.' && before == '/');
            if (!fits) {
                return false;
            }
            before = c;
        }
        return path.length() > 1;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._~-".indexOf(c) >= 0;
    }

    private static String zeroOrBetween(String meaning) {
        return "must be 0 (" + meaning + ") or between " + Durations.format(SHORTEST) + " and "
                + Durations.format(LONGEST);
    }

    private static boolean isBetween(Duration found, Duration least, Duration most) {
        return found.compareTo(least) >= 0 && found.compareTo(most) <= 0;
    }

    /**
     * The settings of the opening handshake.
     *
     * @param feedOrigins the origins that may connect to each feed that is enabled
     * @param faults whether clients may request faults
     */
    HandshakeSettings handshake(Map<Subprotocol, List<String>> feedOrigins, boolean faults) {
        return new HandshakeSettings(
                allowedOrigins,
                feedOrigins,
                requireOrigin,
                trustedProxies,
                ipv6PrefixLength,
                maxProbes > 0,
                explain,
                faults,
                compression ? Optional.of(deflate) : Optional.empty());
    }

    /** How long a connection may receive nothing before it ends: keep-alive-timeout, or 2*X; 0 means forever. */
    public Duration idleTimeout() {
        return keepAliveTimeout.isZero() ? keepAliveInterval.multipliedBy(2) : keepAliveTimeout;
    }

    /** The same for a connection without keep-alive: at least {@link #PROBE_TIMEOUT}. */
    private Duration probeTimeout() {
        Duration usual = idleTimeout();
        return usual.isZero() || usual.compareTo(PROBE_TIMEOUT) > 0 ? usual : PROBE_TIMEOUT;
    }

    /**
     * The settings of one connection.
     *
     * @param keepAlive whether the client accepts the keep-alive; if not, the service sends no pings, and waits longer
     *     for the client
     */
    public ProtocolSettings protocol(boolean keepAlive) {
        return new ProtocolSettings(
                keepAlive ? keepAliveInterval : Duration.ZERO,
                keepAlive ? idleTimeout() : probeTimeout(),
                closingTimeout,
                (int) receiveBufferSize.bytes(),
                maxFrameSize.bytes());
    }
}
