/** Start, readiness and the drain as states. A leaf: it knows no feature. */
@NullMarked
package dev.resound.lifecycle;

import org.jspecify.annotations.NullMarked;
