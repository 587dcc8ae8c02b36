/**
 * The training loop and nothing else: batch, loss, optimizer step; a resumable position in the
 * data.
 */
@NullMarked
package dev.unmask.lm.trainer;

import org.jspecify.annotations.NullMarked;
