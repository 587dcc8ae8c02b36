/** The training application. */
@NullMarked
package dev.unmask.training;

import org.jspecify.annotations.NullMarked;
