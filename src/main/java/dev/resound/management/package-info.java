/** The private port: probes and metrics. It knows the life cycle and is handed what it shows; it knows no feature. */
@NullMarked
package dev.resound.management;

import org.jspecify.annotations.NullMarked;
