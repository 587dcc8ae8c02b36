package dev.unmask.support.observability;

/**
 * Names of the meters that dashboards and alerts rely on; Prometheus writes dots as underscores.
 */
public final class MetricNames {
  /** Counter: tokens that optimizer steps have seen. */
  public static final String TRAINING_TOKENS = "unmask.training.tokens";

  /** Timer: one optimizer step. */
  public static final String TRAINING_STEP = "unmask.training.step";

  /** Gauge: loss of the last optimizer step, nats per token. */
  public static final String TRAINING_LOSS = "unmask.training.loss";

  /** Gauge: jobs that wait in the queue. */
  public static final String TRAINING_QUEUE = "unmask.training.queue";

  /** Counter: tokens that were unmasked for requests. */
  public static final String DECODING_TOKENS = "unmask.decoding.tokens";

  /** Counter: forward passes of the backbone (NFE). */
  public static final String DECODING_NFE = "unmask.decoding.nfe";

  /** Summary: tokens unmasked per forward pass, one sample a request. */
  public static final String DECODING_TOKENS_PER_FORWARD = "unmask.decoding.tokens.per.forward";

  /** Counter: token positions served from a KV cache. */
  public static final String DECODING_CACHE_HITS = "unmask.decoding.cache.hits";

  /** Counter: token positions that attention needed. */
  public static final String DECODING_CACHE_LOOKUPS = "unmask.decoding.cache.lookups";

  /** Timer: one denoising step. */
  public static final String DECODING_STEP = "unmask.decoding.step";

  /** Timer: from acceptance to the first committed token. */
  public static final String DECODING_FIRST_TOKEN = "unmask.decoding.first.token";

  /** Timer: from acceptance to the first denoising step. */
  public static final String DECODING_QUEUE_TIME = "unmask.decoding.queue.time";

  /** Gauge: requests that are being decoded. */
  public static final String DECODING_RUNNING = "unmask.decoding.running";

  /** Counter: metric points written to the registry. */
  public static final String REGISTRY_METRIC_POINTS = "unmask.registry.metric.points";

  /** Summary: batches that one transaction wrote, one sample a transaction. */
  public static final String REGISTRY_WRITE_GROUP = "unmask.registry.write.group";

  /** Gauge: batches that wait for others of their run. */
  public static final String REGISTRY_WRITES_WAITING = "unmask.registry.writes.waiting";

  /** Counter: requests that were refused because the registry had enough to do. */
  public static final String REGISTRY_SHED = "unmask.registry.shed";

  /** Counter: artifact bytes stored. */
  public static final String REGISTRY_ARTIFACT_BYTES = "unmask.registry.artifact.bytes";

  private MetricNames() {}
}
