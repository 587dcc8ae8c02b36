/** Documents, or prompts and answers in; fingerprinted training and validation splits out. */
@NullMarked
package dev.unmask.lm.corpus;

import org.jspecify.annotations.NullMarked;
