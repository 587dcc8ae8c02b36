/** Model cards: what a version is, how it was made and how good it is, on one page. */
@NullMarked
package dev.unmask.registry.card;

import org.jspecify.annotations.NullMarked;
