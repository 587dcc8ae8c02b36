/** The Spring Batch job: prepareCorpus, train, evaluate, register. */
@NullMarked
package dev.unmask.training.pipeline;

import org.jspecify.annotations.NullMarked;
