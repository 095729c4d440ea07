/** The public port from outside: what comes back on a raw socket, and the page in a real browser. */
@NullMarked
package dev.resound.web;

import org.jspecify.annotations.NullMarked;
