/** HTTP contract of registry-service. */
@NullMarked
package dev.unmask.registry.api;

import org.jspecify.annotations.NullMarked;
