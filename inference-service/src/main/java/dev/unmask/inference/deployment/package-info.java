/** Deployments of registered model versions, digest checked on load. */
@NullMarked
package dev.unmask.inference.deployment;

import org.jspecify.annotations.NullMarked;
