/** The load generator: one thread, plain NIO, nothing allocated for a message. */
@NullMarked
package dev.resound.bench.load;

import org.jspecify.annotations.NullMarked;
