package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.Algorithm;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.DenoisingStep.Committed;
import dev.unmask.lm.decoding.FinishReason;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.evaluation.Estimator;
import dev.unmask.lm.evaluation.TextScore;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model that writes a known text instead of computing one: a token is a byte, and the text begins
 * at the letter that the seed says. Tests can hold its steps back.
 */
public final class ScriptedModel implements LanguageModel {
  public static final String SCRIPT = "abcdefghijklmnopqrstuvwxyz";

  /** Steps that may still run; practically endless unless a test holds them back. */
  public final Semaphore permits = new Semaphore(Integer.MAX_VALUE / 2);

  public final AtomicInteger steps = new AtomicInteger();
  public final AtomicInteger openDenoisings = new AtomicInteger();
  public final AtomicBoolean closed = new AtomicBoolean();
  public final List<String> startedPrompts =
      java.util.Collections.synchronizedList(new ArrayList<>());

  private final Tokenizer tokenizer = new ByteTokenizer();

  /** What a request with this seed is answered, without stop texts. */
  public static String answer(long seed, int tokens) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens; i++) {
      text.append(SCRIPT.charAt((int) Math.floorMod(seed + i, (long) SCRIPT.length())));
    }
    return text.toString();
  }

  @Override
  public int contextLength() {
    return 512;
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public DecodeSettings defaults() {
    return new DecodeSettings(
        16, 4, new ConfidenceThreshold(0.9), CacheKind.BLOCK, 0.8, 1, 0, List.of(), true);
  }

  @Override
  public List<Algorithm> algorithms() {
    return List.of(Algorithm.even("even"));
  }

  @Override
  public void check(DecodeSettings settings) {
    if (settings.cache() == CacheKind.DUAL) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "cache must be none or block, was dual",
          List.of(new FieldFault("cache", "must be none or block, was dual")));
    }
  }

  @Override
  public Denoising start(Canvas canvas, DecodeSettings settings, long sequence) {
    int[] prompt =
        switch (canvas) {
          case Canvas.Completion(int[] ids) -> ids;
          case Canvas.Infill(int[] ids, int[] suffix) -> ids;
          case Canvas.Template template -> new int[0];
        };
    String text = tokenizer.decode(prompt);
    if (text.contains("explode")) {
      throw new IllegalStateException("asked to");
    }
    startedPrompts.add(text);
    openDenoisings.incrementAndGet();
    return new Script(settings, sequence);
  }

  @Override
  public List<Estimator> estimators() {
    return List.of(Estimator.CHAIN_RULE);
  }

  @Override
  public int firstScored() {
    return 0;
  }

  @Override
  public TextScore score(Estimator estimator, int[] tokens, int from, int draws, long seed) {
    double[] nats = new double[tokens.length - from];
    Arrays.fill(nats, Math.log(2));
    return new TextScore(nats, nats.length);
  }

  @Override
  public void close() {
    closed.set(true);
  }

  private final class Script implements Denoising {
    private final DecodeSettings settings;
    private final byte[] answer;
    private final int[] tokens;
    private int filled;
    private int nfe;
    private boolean stopped;

    Script(DecodeSettings settings, long sequence) {
      this.settings = settings;
      answer =
          answer(settings.seed() + sequence, settings.maxTokens()).getBytes(StandardCharsets.UTF_8);
      tokens = new int[settings.maxTokens()];
      Arrays.fill(tokens, tokenizer.maskId());
    }

    @Override
    public DenoisingStep step() {
      permits.acquireUninterruptibly();
      steps.incrementAndGet();
      nfe++;
      int count = settings.policy() instanceof FixedTokensPerStep(int fixed) ? fixed : 4;
      List<Committed> committed = new ArrayList<>();
      for (int i = 0; i < count && filled < tokens.length && !stopped; i++) {
        tokens[filled] = answer[filled];
        committed.add(new Committed(filled, tokens[filled], 0.9));
        filled++;
        stopped = settings.stop().stream().anyMatch(text().toString()::endsWith);
      }
      return new DenoisingStep(
          nfe, (filled - 1) / settings.blockSize(), committed, tokens.length - filled);
    }

    @Override
    public boolean finished() {
      return stopped || filled == tokens.length;
    }

    @Override
    public Optional<FinishReason> finishReason() {
      return finished()
          ? Optional.of(stopped ? FinishReason.STOP : FinishReason.LENGTH)
          : Optional.empty();
    }

    @Override
    public int[] tokens() {
      return stopped ? Arrays.copyOf(tokens, filled) : tokens.clone();
    }

    @Override
    public int[] canvas() {
      return tokens.clone();
    }

    @Override
    public int committedPrefix() {
      return filled;
    }

    @Override
    public String committedText() {
      String text = text().toString();
      int end =
          settings.stop().stream()
              .mapToInt(text::indexOf)
              .filter(at -> at >= 0)
              .min()
              .orElse(text.length());
      int held = 0;
      if (!finished()) {
        held = settings.stop().stream().mapToInt(stop -> stop.length() - 1).max().orElse(0);
      }
      return text.substring(0, Math.max(0, Math.min(end, text.length() - held)));
    }

    private StringBuilder text() {
      return new StringBuilder(new String(answer, 0, filled, StandardCharsets.UTF_8));
    }

    @Override
    public DecodeReport report() {
      int hits = settings.cache() == CacheKind.NONE ? 0 : 3 * nfe;
      return new DecodeReport(nfe, filled, 1 + filled / settings.blockSize(), 4L * nfe, hits, nfe);
    }

    @Override
    public void close() {
      openDenoisings.decrementAndGet();
    }
  }
}
