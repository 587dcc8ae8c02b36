/** Metric points as they are written, and the latest of each metric. */
@NullMarked
package dev.unmask.registry.metric;

import org.jspecify.annotations.NullMarked;
