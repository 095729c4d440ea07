/**
 * The building blocks of settings: sizes, durations, rules, and the report of all violations together.
 *
 * <p>It must not depend on any feature, on files or on Vert.x. Each feature keeps its settings in an immutable record whose compact
 * constructor states its rules with {@link dev.resound.setting.Rules}.
 */
@NullMarked
package dev.resound.setting;

import org.jspecify.annotations.NullMarked;
