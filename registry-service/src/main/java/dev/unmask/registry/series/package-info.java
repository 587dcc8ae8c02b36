/** Metric series to look at: summaries of long ones, curves for charts, whole histories. */
@NullMarked
package dev.unmask.registry.series;

import org.jspecify.annotations.NullMarked;
