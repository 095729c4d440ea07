/** The live feed: over the wire, and its parts. */
@org.jspecify.annotations.NullMarked
package dev.resound.feed;
