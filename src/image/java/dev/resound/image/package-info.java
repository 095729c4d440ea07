/**
 * Builds the parts of the container image that Jib puts beside the base: a Java runtime, the jars, the native transports, the AOT
 * cache and the bill of materials. The build runs it; it is not part of {@code resound.jar}, and does not depend on the service.
 */
@org.jspecify.annotations.NullMarked
package dev.resound.image;
