/** The gateway as its clients see it, before fake services. */
@NullMarked
package dev.unmask.gateway;

import org.jspecify.annotations.NullMarked;
