/**
 * The certificate of the public port: its files, the rules for them, and reloading. The configuration names the files; only this package
 * opens
 * them. It depends on {@code setting} and {@code io}.
 */
@NullMarked
package dev.resound.tls;

import org.jspecify.annotations.NullMarked;
