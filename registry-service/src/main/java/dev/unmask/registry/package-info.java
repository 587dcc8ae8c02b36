/** The registry application. */
@NullMarked
package dev.unmask.registry;

import org.jspecify.annotations.NullMarked;
