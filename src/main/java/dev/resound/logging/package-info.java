/**
 * The log: its format, its limits, and the standard streams it goes to. Logging never blocks the caller. The only package that depends on
 * the
 * logging backend; it depends on no other package of Resound.
 */
@NullMarked
package dev.resound.logging;

import org.jspecify.annotations.NullMarked;
