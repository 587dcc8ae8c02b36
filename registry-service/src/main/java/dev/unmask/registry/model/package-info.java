/** Registered models, immutable versions and aliases. */
@NullMarked
package dev.unmask.registry.model;

import org.jspecify.annotations.NullMarked;
