/**
 * Attention layouts: who sees whom, as data that every backbone turns into the cheapest
 * computation.
 */
@NullMarked
package dev.unmask.lm.attention;

import org.jspecify.annotations.NullMarked;
