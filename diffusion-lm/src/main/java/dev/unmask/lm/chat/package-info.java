/** Conversations: messages, and the template by which a model wants them written. */
@NullMarked
package dev.unmask.lm.chat;

import org.jspecify.annotations.NullMarked;
