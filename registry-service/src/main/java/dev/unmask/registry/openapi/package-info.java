/** The description of the native API, for programs. */
@NullMarked
package dev.unmask.registry.openapi;

import org.jspecify.annotations.NullMarked;
