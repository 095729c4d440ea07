@NullMarked
package dev.resound.management;

import org.jspecify.annotations.NullMarked;
