/** Tests of the pipeline below the routes: on raw sockets, and handler by handler. */
@NullMarked
package dev.resound.http.netty;

import org.jspecify.annotations.NullMarked;
