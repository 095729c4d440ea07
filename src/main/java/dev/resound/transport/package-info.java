/** Which transport the event loops use, and what it is called. A leaf. */
@NullMarked
package dev.resound.transport;

import org.jspecify.annotations.NullMarked;
