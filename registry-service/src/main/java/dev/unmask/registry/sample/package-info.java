/** Texts that models of runs wrote, by step. */
@NullMarked
package dev.unmask.registry.sample;

import org.jspecify.annotations.NullMarked;
