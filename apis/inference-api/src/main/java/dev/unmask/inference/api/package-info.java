/** HTTP contract of inference-service. */
@NullMarked
package dev.unmask.inference.api;

import org.jspecify.annotations.NullMarked;
