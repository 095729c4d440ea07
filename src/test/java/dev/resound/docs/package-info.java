/** Checks the documentation: links between the Markdown files, and their tables and examples against the code and a running service. */
@NullMarked
package dev.resound.docs;

import org.jspecify.annotations.NullMarked;
