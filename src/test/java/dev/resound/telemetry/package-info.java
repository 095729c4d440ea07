@NullMarked
package dev.resound.telemetry;

import org.jspecify.annotations.NullMarked;
