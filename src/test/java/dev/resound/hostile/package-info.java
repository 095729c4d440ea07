/** Attacks on the packaged service, mixed, while well-behaved clients go on. */
@NullMarked
package dev.resound.hostile;

import org.jspecify.annotations.NullMarked;
