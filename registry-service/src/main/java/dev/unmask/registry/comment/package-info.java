/** Comments of a team's members on its runs. */
@NullMarked
package dev.unmask.registry.comment;

import org.jspecify.annotations.NullMarked;
