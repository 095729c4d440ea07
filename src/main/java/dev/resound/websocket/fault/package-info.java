/**
 * Faults on demand: misbehaviour that a client requests in the query of its handshake.
 * {@link dev.resound.websocket.fault.Fault} lists the faults, {@link dev.resound.websocket.fault.FaultPlan} reads those
 * of one client, and {@link dev.resound.websocket.fault.FaultyConnection} applies them around the connection core. It
 * must not depend on the handshake or the endpoint.
 */
@NullMarked
package dev.resound.websocket.fault;

import org.jspecify.annotations.NullMarked;
