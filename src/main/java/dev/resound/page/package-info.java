/**
 * The client page and the dashboard as static files. It depends on {@code http} for problem responses, and on no other package of
 * Resound.
 */
@NullMarked
package dev.resound.page;

import org.jspecify.annotations.NullMarked;
