/**
 * The framing protocol of RFC 6455, sections 5 and 7.4, without I/O: bytes in, frames out, and the exact close code for
 * every broken rule. It knows Netty's buffers, and neither Vert.x nor what the frames are for.
 */
@NullMarked
package dev.resound.websocket.protocol;

import org.jspecify.annotations.NullMarked;
