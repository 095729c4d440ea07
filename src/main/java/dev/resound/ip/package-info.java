/**
 * IP addresses and networks in one canonical form, for limits, logs, events and explanations. A leaf: it knows no other package of
 * this project.
 */
@NullMarked
package dev.resound.ip;

import org.jspecify.annotations.NullMarked;
