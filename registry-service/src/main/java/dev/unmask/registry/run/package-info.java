/** Runs, parameters, tags and their search. */
@NullMarked
package dev.unmask.registry.run;

import org.jspecify.annotations.NullMarked;
