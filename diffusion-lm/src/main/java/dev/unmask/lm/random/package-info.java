/**
 * Counter-based, splittable randomness keyed by (seed, sequence, position, step): same key, same
 * number.
 */
@NullMarked
package dev.unmask.lm.random;

import org.jspecify.annotations.NullMarked;
