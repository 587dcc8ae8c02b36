/** Routes to the services and what each needs. */
@NullMarked
package dev.unmask.gateway.routing;

import org.jspecify.annotations.NullMarked;
