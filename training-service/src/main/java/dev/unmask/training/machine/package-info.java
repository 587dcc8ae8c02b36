/** What training takes of its machine, told to the run as MLflow's clients name it. */
@NullMarked
package dev.unmask.training.machine;

import org.jspecify.annotations.NullMarked;
