/** What tests of all modules share: real PostgreSQL, seeds, architecture rules. */
@NullMarked
package dev.unmask.testing;

import org.jspecify.annotations.NullMarked;
