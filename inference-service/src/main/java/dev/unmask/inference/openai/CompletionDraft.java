package dev.unmask.inference.openai;

import dev.unmask.inference.deployment.Deployment;
import dev.unmask.inference.engine.GenerationReport;
import dev.unmask.inference.generation.GenerationEvent;
import dev.unmask.inference.generation.GenerationPlan;
import dev.unmask.inference.openai.Completion.Choice;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What all chunks of one answer share, and the reports of the choices that are complete. */
final class CompletionDraft {
  static final String VERSION_HEADER = "X-Unmask-Model-Version";

  private final String id;
  private final long created;
  private final GenerationPlan plan;
  private final Map<Integer, GenerationReport> reports = new TreeMap<>();

  CompletionDraft(String id, long created, GenerationPlan plan) {
    this.id = id;
    this.created = created;
    this.plan = plan;
  }

  String version() {
    return String.valueOf(plan.served().deployment().version().version());
  }

  void complete(GenerationEvent.Finished finished) {
    reports.put(finished.choice(), finished.report());
  }

  boolean isComplete() {
    return reports.size() == plan.choices();
  }

  Completion answer(List<Choice> choices) {
    return completion(choices, usage(), settings(), null);
  }

  Completion delta(int choice, String text) {
    return completion(List.of(new Choice(choice, text, null, null)), null, null, null);
  }

  Completion last(int choice) {
    Choice end = new Choice(choice, "", finishReason(choice), null);
    return completion(List.of(end), null, settings(), null);
  }

  Completion denoising(GenerationEvent.Denoised event) {
    DenoisingFrame frame = DenoisingFrame.of(event, plan.served().model().tokenizer());
    return completion(List.of(), null, null, frame);
  }

  Completion usageChunk() {
    return completion(List.of(), usage(), settings(), null);
  }

  String finishReason(int choice) {
    GenerationReport report = reports.get(choice);
    if (report == null) {
      throw new IllegalStateException("choice " + choice + " is not complete");
    }
    return report.reason().name().toLowerCase(Locale.ROOT);
  }

  private Usage usage() {
    return Usage.of(plan.promptTokens(), reports.values());
  }

  private Map<String, Object> settings() {
    return DiffusionFields.echo(plan.settings());
  }

  private Completion completion(
      List<Choice> choices,
      @Nullable Usage usage,
      @Nullable Map<String, Object> diffusion,
      @Nullable DenoisingFrame denoising) {
    Deployment deployment = plan.served().deployment();
    String fingerprint = deployment.version().digest().replace("sha256:", "fp_");
    return new Completion(
        id,
        "text_completion",
        created,
        deployment.resolvedModel(),
        fingerprint.substring(0, Math.min(19, fingerprint.length())),
        choices,
        usage,
        diffusion,
        denoising);
  }
}
