package dev.unmask.support.error;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A failure that the caller is told about; adapters render it in their protocol's envelope. */
public class UnmaskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient List<FieldFault> faults;
  private final @Nullable Duration retryAfter;

  /**
   * @param detail what was expected and what came, with the remedy; shown to the caller
   */
  public UnmaskException(ErrorCode code, String detail) {
    this(code, detail, List.of(), null, null);
  }

  public UnmaskException(ErrorCode code, String detail, List<FieldFault> faults) {
    this(code, detail, faults, null, null);
  }

  public UnmaskException(ErrorCode code, String detail, Throwable cause) {
    this(code, detail, List.of(), null, cause);
  }

  private UnmaskException(
      ErrorCode code,
      String detail,
      List<FieldFault> faults,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(detail, cause);
    this.code = code;
    this.faults = List.copyOf(faults);
    this.retryAfter = retryAfter;
  }

  /** A refusal of named fields; the detail tells all of them. */
  public static UnmaskException ofFields(ErrorCode code, List<FieldFault> faults) {
    String all =
        faults.stream()
            .map(fault -> fault.field() + " " + fault.message())
            .collect(Collectors.joining("; "));
    return new UnmaskException(code, all, faults);
  }

  /** A refusal of one field. */
  public static UnmaskException ofField(ErrorCode code, String field, String message) {
    return ofFields(code, List.of(new FieldFault(field, message)));
  }

  /** An overload or outage that the caller should try again after {@code retryAfter}. */
  public static UnmaskException retryLater(ErrorCode code, String detail, Duration retryAfter) {
    return new UnmaskException(code, detail, List.of(), retryAfter, null);
  }

  public ErrorCode code() {
    return code;
  }

  /** All faults of the input, in field order; empty where no single field is to blame. */
  public List<FieldFault> faults() {
    return faults;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The text for the caller. */
  public String detail() {
    String message = getMessage();
    return message == null ? code.name() : message;
  }
}
