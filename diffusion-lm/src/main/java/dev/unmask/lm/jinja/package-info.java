/**
 * The part of Jinja that chat templates of published models use, as Hugging Face runs it (blocks
 * trimmed, sandboxed): an interpreter over a closed set of values, with a bound on its work. A
 * template reaches no class, no file and no clock.
 */
@NullMarked
package dev.unmask.lm.jinja;

import org.jspecify.annotations.NullMarked;
