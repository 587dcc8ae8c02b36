/** What runs here: the commit and its difference, versions and the command, for runs to tell. */
@NullMarked
package dev.unmask.training.origin;

import org.jspecify.annotations.NullMarked;
