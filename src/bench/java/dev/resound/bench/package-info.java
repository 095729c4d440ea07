/** The benchmark: Resound as it is shipped, beside others, in interleaved rounds. {@code ./mvnw -Pbench verify} */
@NullMarked
package dev.resound.bench;

import org.jspecify.annotations.NullMarked;
