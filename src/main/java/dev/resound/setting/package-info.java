/**
 * What a setting is made of: sizes, rules, and the report of everything that is wrong at once.
 *
 * <p>A leaf: it knows no feature, no file and no Vert.x type. Each feature keeps its settings in an immutable record
 * whose compact constructor states its rules with {@link dev.resound.setting.Rules}.
 */
@NullMarked
package dev.resound.setting;

import org.jspecify.annotations.NullMarked;
