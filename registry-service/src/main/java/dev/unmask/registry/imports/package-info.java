/** What another MLflow server holds, brought over through its REST API in the background. */
@NullMarked
package dev.unmask.registry.imports;

import org.jspecify.annotations.NullMarked;
