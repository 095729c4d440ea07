/**
 * Reads the settings from files, the environment and system properties into one immutable {@link dev.resound.config.Configuration}, or
 * reports
 * everything that is wrong. The only package that depends on YAML and on these sources. Files that settings name belong to {@code tls}.
 */
@NullMarked
package dev.resound.config;

import org.jspecify.annotations.NullMarked;
