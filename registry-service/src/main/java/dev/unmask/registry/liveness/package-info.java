/** Whether runs tell the truth: signs of life, stale runs, and what is known of a run's origin. */
@NullMarked
package dev.unmask.registry.liveness;

import org.jspecify.annotations.NullMarked;
