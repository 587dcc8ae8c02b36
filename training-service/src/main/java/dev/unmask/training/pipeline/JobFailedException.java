package dev.unmask.training.pipeline;

/** Ends a job with a reason that its owner can act on. */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String remedy;

  public JobFailedException(String code, String detail, String remedy) {
    super(detail);
    this.code = code;
    this.remedy = remedy;
  }

  String code() {
    return code;
  }

  String remedy() {
    return remedy;
  }
}
