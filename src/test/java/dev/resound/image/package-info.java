/** Tests of the image builder, and of the image that it made. */
@org.jspecify.annotations.NullMarked
package dev.resound.image;
