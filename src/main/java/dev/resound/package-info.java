/** The composition root, and what only it can do: start, signals, drain and exit codes. Nothing knows this package. */
@NullMarked
package dev.resound;

import org.jspecify.annotations.NullMarked;
