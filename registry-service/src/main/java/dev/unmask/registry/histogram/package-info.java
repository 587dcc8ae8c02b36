/** Histograms of runs by step, for instance of losses by mask ratio. */
@NullMarked
package dev.unmask.registry.histogram;

import org.jspecify.annotations.NullMarked;
