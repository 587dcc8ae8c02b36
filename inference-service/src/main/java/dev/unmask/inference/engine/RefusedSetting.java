package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;

/** What a model refuses of a request's settings, told by the names that requests use. */
public final class RefusedSetting {
  private RefusedSetting() {}

  public static UnmaskException of(DecodeSettingException refused) {
    String field =
        switch (refused.field()) {
          case "maxTokens" -> "max_tokens";
          case "blockSize" -> "block_length";
          case "topP" -> "top_p";
          case "topK" -> "top_k";
          case "guidance" -> "cfg_scale";
          case "policy" -> "diffusion";
          default -> refused.field();
        };
    String message = (refused.getMessage() + "").substring(refused.field().length() + 1);
    return UnmaskException.ofField(ErrorCode.INVALID_REQUEST, field, message);
  }
}
