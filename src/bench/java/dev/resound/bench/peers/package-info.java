/**
 * The others: echo servers as their own documentation would write them, without compression, each a process of its own.
 * Arguments: the port and, where there is a choice, the transport. They limit messages to what the benchmark sends.
 */
@NullMarked
package dev.resound.bench.peers;

import org.jspecify.annotations.NullMarked;
