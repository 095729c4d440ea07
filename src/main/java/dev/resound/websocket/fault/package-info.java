/**
 * Faults on demand: misbehaviour that a client requests in the query of its handshake. It must not depend on the
 * handshake or the endpoint.
 */
@NullMarked
package dev.resound.websocket.fault;

import org.jspecify.annotations.NullMarked;
