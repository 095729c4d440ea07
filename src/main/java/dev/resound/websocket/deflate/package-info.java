/**
 * permessage-deflate (RFC 7692), without I/O: what is negotiated, and messages inflated and deflated piece by piece, so that no
 * message is held whole and none may inflate without bound. Vert.x's own, on 5.1.6, has no such bound.
 */
@NullMarked
package dev.resound.websocket.deflate;

import org.jspecify.annotations.NullMarked;
