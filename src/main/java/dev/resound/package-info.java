/** The composition root: start, signals, drain, limits and exit codes. No other package may depend on it. */
@NullMarked
package dev.resound;

import org.jspecify.annotations.NullMarked;
