/**
 * The certificate of the public port: its files, what must hold for them, and the look for new ones. The configuration names
 * the files; this room alone opens them. It knows no other room than those of settings and starts.
 */
@NullMarked
package dev.resound.tls;

import org.jspecify.annotations.NullMarked;
