/**
 * Model families: what each published kind of diffusion language model is made of. One package a
 * family, one line in {@link dev.unmask.lm.family.Families}.
 */
@NullMarked
package dev.unmask.lm.family;

import org.jspecify.annotations.NullMarked;
