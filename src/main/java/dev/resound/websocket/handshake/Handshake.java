package dev.resound.websocket.handshake;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the rules of the opening handshake look at.
 *
 * @param head what the client sent
 * @param origins who may connect
 * @param draining whether the service is shutting down
 * @param place whether there is room for one more connection. It is asked only where every other rule is kept, so where it says
 *     yes it may take that place
 */
public record Handshake(RequestHead head, OriginPolicy origins, BooleanSupplier draining, BooleanSupplier place) {

    /** What allows the {@code Origin} that was sent, or its absence; nothing where it is not allowed. */
    public Optional<String> allowingOrigin() {
        List<String> sent = head.all("Origin");
        return sent.size() > 1
                ? Optional.empty()
                : origins.allowing(head.headers().get("Origin"), head.headers().get("Host"));
    }
}
