/** Benchmarks of hot paths: one JSON object a line. */
@NullMarked
package dev.unmask.benchmarks;

import org.jspecify.annotations.NullMarked;
