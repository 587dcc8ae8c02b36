/** Experiments, their tags and life cycle. */
@NullMarked
package dev.unmask.registry.experiment;

import org.jspecify.annotations.NullMarked;
