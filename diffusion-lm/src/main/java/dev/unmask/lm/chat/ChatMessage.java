package dev.unmask.lm.chat;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or another that the template knows
 */
public record ChatMessage(String role, String content) {}
