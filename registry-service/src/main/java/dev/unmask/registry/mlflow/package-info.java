/** Adapter: MLflow's wire protocol over the registry's features. */
@NullMarked
package dev.unmask.registry.mlflow;

import org.jspecify.annotations.NullMarked;
