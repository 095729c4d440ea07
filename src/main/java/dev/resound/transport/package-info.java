/**
 * The transport of the event loops and how it listens. One of the few packages that may use Vert.x internals. It
 * depends only on {@code lifecycle}.
 */
@NullMarked
package dev.resound.transport;

import org.jspecify.annotations.NullMarked;
