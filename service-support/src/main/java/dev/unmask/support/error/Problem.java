package dev.unmask.support.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The body of {@code application/problem+json} (RFC 9457) as every native route answers it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    @Nullable String instance,
    @Nullable String requestId,
    List<FieldFault> errors) {

  /**
   * @param instance path of the request, null where none is known
   */
  public static Problem of(
      ErrorCode code,
      String detail,
      List<FieldFault> faults,
      @Nullable String instance,
      @Nullable String requestId) {
    String name = code.name().toLowerCase(Locale.ROOT);
    return new Problem(
        "urn:unmask:problem:" + name,
        code.status().getReasonPhrase(),
        code.status().value(),
        code.name(),
        detail,
        instance,
        requestId,
        faults);
  }
}
