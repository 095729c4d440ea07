/** Watching files for changes. It depends on no other package of Resound. */
@NullMarked
package dev.resound.io;

import org.jspecify.annotations.NullMarked;
