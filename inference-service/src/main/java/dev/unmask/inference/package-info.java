/** The inference application. */
@NullMarked
package dev.unmask.inference;

import org.jspecify.annotations.NullMarked;
