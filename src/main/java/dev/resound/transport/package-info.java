/** Which transport the event loops use, and how it listens. A leaf. */
@NullMarked
package dev.resound.transport;

import org.jspecify.annotations.NullMarked;
