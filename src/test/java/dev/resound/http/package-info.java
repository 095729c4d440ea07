/** Tests of the public port on raw sockets and with HTTP/2 frames. */
@NullMarked
package dev.resound.http;

import org.jspecify.annotations.NullMarked;
