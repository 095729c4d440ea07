/** The state of the service between its start and its end, its version, and failures to start. It must not depend on any feature. */
@NullMarked
package dev.resound.lifecycle;

import org.jspecify.annotations.NullMarked;
