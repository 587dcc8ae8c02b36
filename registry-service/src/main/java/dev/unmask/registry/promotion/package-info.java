/** Which versions may be promoted: rules of aliases and stages, and what they say of a version. */
@NullMarked
package dev.unmask.registry.promotion;

import org.jspecify.annotations.NullMarked;
