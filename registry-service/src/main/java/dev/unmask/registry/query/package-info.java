/** The filter and order language of searches, parsed, and its way into parameterised SQL. */
@NullMarked
package dev.unmask.registry.query;

import org.jspecify.annotations.NullMarked;
