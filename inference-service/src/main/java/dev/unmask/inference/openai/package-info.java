/** Adapter: OpenAI's wire protocol. */
@NullMarked
package dev.unmask.inference.openai;

import org.jspecify.annotations.NullMarked;
