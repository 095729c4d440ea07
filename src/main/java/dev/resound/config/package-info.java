/** The only package that knows files, environment and YAML: it makes one immutable {@link dev.resound.config.Configuration} of them or says everything that is wrong. */
@NullMarked
package dev.resound.config;

import org.jspecify.annotations.NullMarked;
