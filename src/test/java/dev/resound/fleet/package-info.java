@NullMarked
package dev.resound.fleet;

import org.jspecify.annotations.NullMarked;
