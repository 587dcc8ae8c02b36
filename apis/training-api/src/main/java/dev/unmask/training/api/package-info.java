/** HTTP contract of training-service. */
@NullMarked
package dev.unmask.training.api;

import org.jspecify.annotations.NullMarked;
