/** The log's shape. The only package that knows the logging backend. */
@NullMarked
package dev.resound.logging;

import org.jspecify.annotations.NullMarked;
