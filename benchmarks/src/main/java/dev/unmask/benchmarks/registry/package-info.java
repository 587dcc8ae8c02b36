/** Load on the registry of a real local stack, over HTTP, beside what its PostgreSQL allows. */
@NullMarked
package dev.unmask.benchmarks.registry;

import org.jspecify.annotations.NullMarked;
