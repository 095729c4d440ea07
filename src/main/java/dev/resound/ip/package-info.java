/** IP addresses and networks in one canonical form, for limits, logs, events and explanations. It depends on no other package of Resound. */
@NullMarked
package dev.resound.ip;

import org.jspecify.annotations.NullMarked;
