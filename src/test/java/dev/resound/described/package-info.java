/** What is described for machines holds: the JSON Schema of the feed and the AsyncAPI document, against the code and a running service. */
@NullMarked
package dev.resound.described;

import org.jspecify.annotations.NullMarked;
