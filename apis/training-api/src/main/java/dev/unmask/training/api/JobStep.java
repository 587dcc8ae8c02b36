package dev.unmask.training.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The Batch steps of a training job, in order. */
public enum JobStep {
  /** Splits the text, trains the tokenizer, packs token sequences. */
  @JsonProperty("prepareCorpus")
  PREPARE_CORPUS("prepareCorpus"),
  /** The optimizer steps. */
  @JsonProperty("train")
  TRAIN("train"),
  /** Loss on the validation split. */
  @JsonProperty("evaluate")
  EVALUATE("evaluate"),
  /** Exports the model and creates its version in the registry. */
  @JsonProperty("register")
  REGISTER("register");

  private final String stepName;

  JobStep(String stepName) {
    this.stepName = stepName;
  }

  /** The name in JSON and in Spring Batch. */
  public String stepName() {
    return stepName;
  }
}
