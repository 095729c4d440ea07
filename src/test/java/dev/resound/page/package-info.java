/** Tests of the client page and the dashboard, most of them in Chromium. */
@NullMarked
package dev.resound.page;

import org.jspecify.annotations.NullMarked;
