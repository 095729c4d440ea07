/** The only package that knows the environment, YAML and where settings come from (what the files hold that settings name is the affair of {@link dev.resound.tls}): it makes one immutable {@link dev.resound.config.Configuration} of them or says everything that is wrong. */
@NullMarked
package dev.resound.config;

import org.jspecify.annotations.NullMarked;
