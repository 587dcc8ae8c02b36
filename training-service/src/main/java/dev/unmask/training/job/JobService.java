package dev.unmask.training.job;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.observability.RequestId;
import dev.unmask.support.security.Caller;
import dev.unmask.training.api.JobProgress;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.QueueView;
import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.RegisterSpec;
import dev.unmask.training.corpus.CorpusService;
import dev.unmask.training.corpus.StoredCorpus;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Use cases of jobs. */
@Service
public class JobService {
  private final Stores stores;
  private final SpecReader specs;
  private final JobProperties properties;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  /** What the use cases read and write. */
  @org.springframework.stereotype.Component
  record Stores(
      TrainingJobRepository jobs,
      JobQueue queue,
      CorpusService corpora,
      TransactionTemplate transaction) {}

  JobService(
      Stores stores,
      SpecReader specs,
      JobProperties properties,
      ApplicationEventPublisher events,
      Clock clock) {
    this.stores = stores;
    this.specs = specs;
    this.properties = properties;
    this.events = events;
    this.clock = clock;
  }

  TrainingJob submit(Caller caller, JsonNode document) {
    SubmitJob spec = specs.read(document);
    TrainingJob job =
        Objects.requireNonNull(stores.transaction().execute(ignored -> insert(caller, spec)));
    events.publishEvent(new JobQueued(job.id()));
    return job;
  }

  private TrainingJob insert(Caller caller, SubmitJob spec) {
    StoredCorpus corpus =
        stores
            .corpora()
            .findForUse(caller.teamId(), spec.corpus())
            .orElseThrow(() -> noCorpus(spec.corpus()));
    CorpusFit.check(spec, corpus);
    checkQueue();
    TrainingJob job = job(caller, named(spec, corpus), corpus);
    stores.jobs().insert(job);
    return job;
  }

  /**
   * Queues the spec of an earlier job again, seed included, on the same text.
   *
   * @throws UnmaskException CONFLICT when the corpus of that name holds another text by now
   */
  TrainingJob repeat(Caller caller, String id) {
    TrainingJob original = get(caller.teamId(), id);
    TrainingJob job =
        Objects.requireNonNull(
            stores.transaction().execute(ignored -> insertAgain(caller, original)));
    events.publishEvent(new JobQueued(job.id()));
    return job;
  }

  private TrainingJob insertAgain(Caller caller, TrainingJob original) {
    String name = original.spec().corpus();
    StoredCorpus corpus =
        stores.corpora().findForUse(caller.teamId(), name).orElseThrow(() -> noCorpus(name));
    if (!corpus.sha256().equals(original.corpusSha256())) {
      throw new UnmaskException(
          ErrorCode.CONFLICT,
          "the corpus '%s' is no longer the text of job %s: its SHA-256 was %s and is %s; upload that text again, or submit the spec as a new job"
              .formatted(name, original.id(), original.corpusSha256(), corpus.sha256()));
    }
    checkQueue();
    TrainingJob job = job(caller, original.spec(), corpus);
    stores.jobs().insert(job);
    return job;
  }

  private void checkQueue() {
    stores.queue().lockForSubmission();
    if (stores.queue().queued() >= properties.queueCapacity()) {
      throw UnmaskException.retryLater(
          ErrorCode.QUEUE_FULL,
          "the job queue is full ("
              + properties.queueCapacity()
              + " jobs wait): try again later or stop a queued job",
          properties.retryAfter());
    }
  }

  /** Fills in the names that depend on the corpus. */
  private static SubmitJob named(SubmitJob spec, StoredCorpus corpus) {
    String name = spec.name() == null ? corpus.name() : spec.name();
    RegisterSpec register = Objects.requireNonNull(spec.register());
    return new SubmitJob(
        spec.corpus(),
        name,
        spec.experiment() == null ? name : spec.experiment(),
        spec.tokenizer(),
        spec.model(),
        spec.phases(),
        spec.minutes(),
        spec.batchSize(),
        spec.optimizer(),
        spec.precision(),
        spec.activations(),
        spec.seed(),
        spec.checkpointEverySteps(),
        spec.validationFraction(),
        spec.startFrom(),
        new RegisterSpec(register.model() == null ? name : register.model(), register.alias()),
        spec.samples());
  }

  private TrainingJob job(Caller caller, SubmitJob spec, StoredCorpus corpus) {
    UUID id = UUID.randomUUID();
    return new TrainingJob(
        id,
        caller.teamId(),
        caller.userId(),
        RequestId.current(),
        Objects.requireNonNull(spec.name()),
        Objects.requireNonNull(spec.experiment()),
        corpus.id(),
        corpus.sha256(),
        JobStatus.QUEUED,
        spec,
        null,
        new JobProgress(
            id.toString(),
            JobStatus.QUEUED,
            null,
            null,
            null,
            0,
            null,
            null,
            null,
            null,
            null,
            null,
            0,
            null),
        0,
        0,
        new TrainingJob.Tracked(null, null, null),
        null,
        clock.instant(),
        null,
        null);
  }

  List<TrainingJob> list(String team) {
    return stores.jobs().ofTeam(team);
  }

  public TrainingJob get(String team, String id) {
    try {
      return stores.jobs().find(team, UUID.fromString(id)).orElseThrow(() -> notFound(id));
    } catch (IllegalArgumentException noUuid) {
      throw notFound(id);
    }
  }

  TrainingJob stop(String team, String id) {
    TrainingJob job = get(team, id);
    if (!stores.queue().requestStop(job.id())) {
      throw wrongState(get(team, id), "only a queued or running job can be stopped");
    }
    events.publishEvent(new StopRequested(job.id()));
    return get(team, id);
  }

  TrainingJob resume(String team, String id) {
    TrainingJob job = get(team, id);
    stores
        .transaction()
        .executeWithoutResult(
            ignored -> {
              checkQueue();
              if (!stores.queue().requeue(job.id())) {
                throw wrongState(get(team, id), "only a stopped or failed job can be resumed");
              }
            });
    events.publishEvent(new JobQueued(job.id()));
    return get(team, id);
  }

  QueueView queue() {
    return new QueueView(
        stores.queue().queued(), properties.queueCapacity(), stores.queue().running());
  }

  private static UnmaskException wrongState(TrainingJob job, String rule) {
    return new UnmaskException(
        ErrorCode.TRAINING_JOB_STATE, "job " + job.id() + " is " + job.status() + ": " + rule);
  }

  private static UnmaskException notFound(String id) {
    return new UnmaskException(
        ErrorCode.TRAINING_JOB_NOT_FOUND, "there is no job " + id + " in this team");
  }

  private static UnmaskException noCorpus(String corpus) {
    return new UnmaskException(
        ErrorCode.CORPUS_NOT_FOUND,
        "there is no corpus \"" + corpus + "\" in this team: upload it first",
        List.of(new FieldFault("corpus", "names no corpus of this team")));
  }
}
