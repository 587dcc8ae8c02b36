/** Uploaded corpora: text in, a verified file and its facts out. */
@NullMarked
package dev.unmask.training.corpus;

import org.jspecify.annotations.NullMarked;
