/** Models as they are logged, before anybody registers them: what they are, say and score. */
@NullMarked
package dev.unmask.registry.loggedmodel;

import org.jspecify.annotations.NullMarked;
