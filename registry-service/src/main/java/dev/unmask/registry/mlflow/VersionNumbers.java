package dev.unmask.registry.mlflow;

/** Version numbers as the protocol writes them: decimal text, a number from some clients. */
final class VersionNumbers {

  private VersionNumbers() {}

  static int required(MlflowRequest request) {
    String text;
    try {
      text = request.required("version");
    } catch (dev.unmask.support.error.UnmaskException notText) {
      if (!request.has("version")) {
        throw notText;
      }
      text = Long.toString(request.requiredInt64("version"));
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw MlflowRequest.fault("Parameter 'version' must be an integer, got '" + text + "'.");
    }
  }
}
