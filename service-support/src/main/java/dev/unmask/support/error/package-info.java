/** Error codes and the one advice that turns them into problem+json. */
@NullMarked
package dev.unmask.support.error;

import org.jspecify.annotations.NullMarked;
