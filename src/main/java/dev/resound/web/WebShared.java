package dev.resound.web;

import dev.resound.lifecycle.Lifecycle;
import dev.resound.tls.Certificates;
import dev.resound.websocket.ConnectionLimits;
import dev.resound.websocket.WebSocketSettings;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What the instances of {@link WebVerticle} share. All of it may be asked from any thread.
 *
 * @param http where to listen
 * @param certificates with which the port speaks TLS; empty for plain text
 * @param webSocket the WebSocket settings in force; they may change
 * @param lifecycle says whether new connections are refused
 * @param connectionLimits the limits of connections
 * @param assets the client page
 * @param pendingPlaces how many connections and HTTP/2 streams that are no WebSockets there is room for on each event loop, as it is now
 * @param overloaded whether memory is short
 * @param instance the name of this process among its like
 */
public record WebShared(
        HttpSettings http,
        Optional<Certificates> certificates,
        Supplier<WebSocketSettings> webSocket,
        Lifecycle lifecycle,
        ConnectionLimits connectionLimits,
        StaticAssets assets,
        IntSupplier pendingPlaces,
        BooleanSupplier overloaded,
        String instance) {}
