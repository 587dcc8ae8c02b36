package dev.unmask.local.demo;

import dev.unmask.local.Poll;
import dev.unmask.local.Terminal;
import dev.unmask.local.client.GatewayClient;
import dev.unmask.local.client.GatewayFailure;
import dev.unmask.training.api.CorpusView;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.SubmitJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Corpus and training job of the demo. */
final class TrainingSteps {
  private static final String CORPORA = "/api/v1/training/corpora";
  private static final String JOBS = "/api/v1/training/jobs";
  private static final Duration GLANCE = Duration.ofMillis(500);
  private static final Duration OUTAGE = Duration.ofMinutes(2);

  private final GatewayClient gateway;
  private final Terminal terminal;

  TrainingSteps(GatewayClient gateway, Terminal terminal) {
    this.gateway = gateway;
    this.terminal = terminal;
  }

  /** Trains until the version is registered; goes on with a job of an earlier demo. */
  JobView train(DemoSettings settings) {
    JobView job = unfinished(settings.recipe()).orElseGet(() -> submit(settings));
    JobView ended = follow(job.id());
    if (ended.status() != JobStatus.COMPLETED) {
      throw new DemoFailure(
          "the job %s is %s%s"
              .formatted(
                  ended.id(),
                  ended.status(),
                  Optional.ofNullable(ended.failure())
                      .map(failure -> ": " + failure.detail() + ". " + failure.remedy())
                      .orElse("")));
    }
    return ended;
  }

  /** The job that made a version, if this stack trained it. */
  Optional<JobView> jobOf(Recipe recipe, int version) {
    return jobs(recipe)
        .filter(job -> Integer.valueOf(version).equals(job.registeredVersion()))
        .findFirst();
  }

  private Stream<JobView> jobs(Recipe recipe) {
    return Arrays.stream(gateway.get(JOBS, JobView[].class))
        .filter(job -> job.name().equals(recipe.name()));
  }

  private Optional<JobView> unfinished(Recipe recipe) {
    Optional<JobView> job =
        jobs(recipe)
            .filter(one -> one.status() != JobStatus.COMPLETED)
            .filter(one -> one.status() != JobStatus.FAILED)
            .findFirst();
    job.ifPresent(
        found -> terminal.say("Found the unfinished job " + found.id() + ": it goes on."));
    return job.map(
        found ->
            found.status() == JobStatus.STOPPED
                ? gateway.post(JOBS + "/" + found.id() + "/resume", "", JobView.class)
                : found);
  }

  private JobView submit(DemoSettings settings) {
    CorpusView corpus = corpus(settings);
    SubmitJob spec = settings.recipe().job(corpus.id(), settings.minutes());
    terminal.say(
        "Training for %s minutes: %s"
            .formatted(number(settings.minutes()), settings.recipe().told()));
    return gateway.post(JOBS, spec, JobView.class);
  }

  private CorpusView corpus(DemoSettings settings) {
    if (settings.corpus().isPresent()) {
      Path own = settings.corpus().get();
      if (!Files.isReadable(own)) {
        throw new DemoFailure("cannot read --corpus " + own);
      }
      return upload(own, Recipe.CORPUS + "-" + Integer.toHexString(own.toString().hashCode()));
    }
    return existing(Recipe.CORPUS)
        .map(
            found -> {
              terminal.say("Found the corpus \"%s\": not uploaded again.".formatted(found.name()));
              return found;
            })
        .orElseGet(this::uploadSample);
  }

  private CorpusView uploadSample() {
    try {
      Path text = Files.createTempFile("unmask-sample-corpus", ".txt");
      try {
        SampleCorpus.ofLauncher().writeTo(text);
        return upload(text, Recipe.CORPUS);
      } finally {
        Files.delete(text);
      }
    } catch (IOException e) {
      throw new DemoFailure("cannot write the sample corpus: " + e.getMessage(), e);
    }
  }

  /** A name is taken by a text; another text of the user's gets another name. */
  private CorpusView upload(Path text, String name) {
    Optional<CorpusView> same = existing(name);
    if (same.isPresent()) {
      return same.get();
    }
    CorpusView corpus = gateway.upload(CORPORA + "?name=" + name, text, CorpusView.class);
    terminal.say(
        "Uploaded the corpus: %d documents, %s MB."
            .formatted(corpus.documents(), number(corpus.bytes() / 1e6)));
    return corpus;
  }

  private Optional<CorpusView> existing(String name) {
    return Arrays.stream(gateway.get(CORPORA, CorpusView[].class))
        .filter(corpus -> corpus.name().equals(name))
        .findFirst();
  }

  /** Polls rather than streams: a poll survives a restart of the training service. */
  private JobView follow(String id) {
    ProgressLine line = new ProgressLine(terminal);
    long answeredAt = System.nanoTime();
    while (true) {
      Optional<JobView> answer = look(id, answeredAt);
      if (answer.isPresent()) {
        answeredAt = System.nanoTime();
        JobView job = answer.get();
        line.show(job.progress());
        if (job.status().ended()) {
          return job;
        }
      }
      Poll.pause(GLANCE);
    }
  }

  private Optional<JobView> look(String id, long answeredAt) {
    try {
      return Optional.of(gateway.get(JOBS + "/" + id, JobView.class));
    } catch (GatewayFailure e) {
      if (System.nanoTime() - answeredAt > OUTAGE.toNanos()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.1f", value);
  }
}
