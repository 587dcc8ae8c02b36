/** Writes down the native API from its routes, types and Javadoc, and keeps the page current. */
@NullMarked
package dev.unmask.registry.openapi;

import org.jspecify.annotations.NullMarked;
