/** Token streams to packed sequences of one length, document boundaries kept. */
@NullMarked
package dev.unmask.lm.packing;

import org.jspecify.annotations.NullMarked;
