/** HTTP below the routes, from outside on raw sockets and from inside. */
@NullMarked
package dev.resound.http;

import org.jspecify.annotations.NullMarked;
