/** Artifacts of runs and logged models in a content-addressed blob store. */
@NullMarked
package dev.unmask.registry.artifact;

import org.jspecify.annotations.NullMarked;
