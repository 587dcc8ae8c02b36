package dev.unmask.registry.imports;

/** What a server's answer means for an import. */
abstract sealed class SourceFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private SourceFault(String message) {
    super(message);
  }

  String told() {
    return String.valueOf(getMessage());
  }

  /** It may answer later. */
  static final class Away extends SourceFault {
    private static final long serialVersionUID = 1L;

    Away(String message) {
      super(message);
    }
  }

  /** It lets nobody in with these credentials. */
  static final class Refused extends SourceFault {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** This one thing can't be had. */
  static final class NotToBeHad extends SourceFault {
    private static final long serialVersionUID = 1L;

    NotToBeHad(String message) {
      super(message);
    }
  }
}
