package dev.unmask.lm.chat;

/** A chat template that cannot be read, or that does not accept a conversation. */
public final class ChatTemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChatTemplateException(String message) {
    super(message);
  }

  ChatTemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
