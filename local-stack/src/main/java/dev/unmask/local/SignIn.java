package dev.unmask.local;

import dev.unmask.local.stack.RunningStack;

/** Tells where the dashboard is and how to get in. */
final class SignIn {
  private SignIn() {}

  static void explain(Terminal terminal, RunningStack stack) {
    terminal.say("");
    terminal.say("Dashboard  " + stack.gateway() + "/");
    terminal.say("Sign in    with the token in " + stack.ownerToken());
    terminal.say("           (print it: cat " + stack.ownerToken() + ")");
    terminal.say(
        "MLflow     MLFLOW_TRACKING_URI=" + stack.gateway() + " MLFLOW_TRACKING_TOKEN=...");
    terminal.say("OpenAI     base URL " + stack.gateway() + "/v1, the token as API key");
  }
}
