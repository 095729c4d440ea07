/** The container image: what Jib puts into it beside the jars, and its tests. */
@org.jspecify.annotations.NullMarked
package dev.resound.image;
