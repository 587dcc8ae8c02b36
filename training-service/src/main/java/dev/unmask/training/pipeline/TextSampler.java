package dev.unmask.training.pipeline;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.family.ar.ArFamily;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.training.pipeline.TrainingSession.TextSample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lets a model in training write: answers to held-out prompts, or else a text of its own and
 * continuations of held-out text. Prompts and seeds are the same at every step, so that samples
 * show what has changed. Compute thread only.
 *
 * @param validation held-out rows
 * @param seed of the job; same weights and same seed, same texts
 */
record TextSampler(PackedSequences validation, long seed) {
  private static final int MOST_TOKENS = 48;
  private static final int MOST_PROMPT = 16;

  /** A prompt and what the texts it leads to are called. */
  private record Task(String name, int[] prompt) {}

  /**
   * @param directory the exported model
   * @param longest after so long no further token is drawn; what is unfinished then is left out
   */
  List<TextSample> write(Path directory, int count, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    boolean nextToken = Families.of(ModelDirectory.at(directory).config()) instanceof ArFamily;
    List<TextSample> samples = new ArrayList<>();
    try (DiffusionModel model = Families.open(directory, PrecisionChoice.F32)) {
      for (int i = 0; i < count; i++) {
        Task task = task(i, model.contextLength(), nextToken);
        write(model, task, i, end, samples);
      }
    }
    return samples;
  }

  private Task task(int index, int contextLength, boolean nextToken) {
    int[] row = validation.sequence(index % validation.count());
    if (validation.hasAnswers()) {
      int start = validation.answer(index % validation.count()).start();
      return new Task("answer", Arrays.copyOf(row, start));
    }
    // Without a first token there is nothing from which the next one could be predicted.
    return index == 0 && !nextToken
        ? new Task("free", new int[0])
        : new Task(
            "continued",
            Arrays.copyOf(
                row, Math.min(row.length, Math.clamp(contextLength / 4, 1, MOST_PROMPT))));
  }

  private void write(
      DiffusionModel model, Task task, int index, long end, List<TextSample> samples) {
    DecodeSettings settings = model.defaults();
    int room = Math.min(MOST_TOKENS, model.contextLength() - task.prompt().length);
    if (room < 1) {
      return;
    }
    settings =
        settings
            .withMaxTokens(Math.min(settings.maxTokens(), room))
            .withSeed(KeyedRandom.of(seed).split("samples").bits(0));
    try (Denoising denoising = model.start(new Canvas.Completion(task.prompt()), settings, index)) {
      while (!denoising.finished()) {
        if (System.nanoTime() > end) {
          return;
        }
        denoising.step();
      }
      String prompt = model.tokenizer().decode(task.prompt());
      samples.add(
          new TextSample(
              task.name(),
              index,
              prompt.isEmpty() ? null : storable(prompt),
              storable(denoising.committedText())));
    }
  }

  /** Databases keep no NUL; a model of bytes writes what it likes. */
  private static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }
}
