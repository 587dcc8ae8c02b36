/** Metric points and histories. */
@NullMarked
package dev.unmask.registry.metric;

import org.jspecify.annotations.NullMarked;
