/** Searches of runs that users keep under a name. */
@NullMarked
package dev.unmask.registry.view;

import org.jspecify.annotations.NullMarked;
