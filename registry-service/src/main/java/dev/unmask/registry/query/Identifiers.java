package dev.unmask.registry.query;

/** Reads single identifiers. */
public final class Identifiers {
  private Identifiers() {}

  /**
   * Reads an identifier such as {@code metrics.`a b`}.
   *
   * @param what the field that holds it, for the message
   * @throws InvalidQueryException for anything else
   */
  public static Identifier parse(String text, String what) {
    QueryScanner scanner = new QueryScanner(text, what);
    Identifier identifier = scanner.identifier();
    scanner.expectEnd();
    return identifier;
  }
}
