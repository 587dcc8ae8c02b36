package dev.unmask.lm.family.llada;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.RaddSampler;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.family.llada.EvenQuota.Remasking;
import dev.unmask.lm.family.llada.LladaDecoding.LateEnd;
import java.util.List;

/** The arguments of LLaDA's and Fast-dLLM's published functions as settings of this library. */
final class LladaRuns {
  private LladaRuns() {}

  /** Which published code made a run. */
  enum Code {
    LLADA,
    FAST_EARLY,
    FAST_LATER
  }

  static DecodeSettings settings(JsonObject run, String function) {
    JsonObject args = run.getAsJsonObject("args");
    boolean mayEnd = !(args.has("logits_eos_inf") && args.get("logits_eos_inf").getAsBoolean());
    return new DecodeSettings(
            args.get("gen_length").getAsInt(),
            args.get("block_length").getAsInt(),
            policy(args),
            cache(function),
            number(args, "temperature"),
            1,
            0,
            List.of())
        .withMayEnd(mayEnd)
        .withGuidance(number(args, "cfg_scale"));
  }

  private static DecodingPolicy policy(JsonObject args) {
    if (given(args, "threshold")) {
      return new ConfidenceThreshold(args.get("threshold").getAsDouble());
    }
    return given(args, "factor")
        ? new PublishedFactor(args.get("factor").getAsDouble())
        : new EvenQuota(stepsPerBlock(args), remasking(args));
  }

  private static Remasking remasking(JsonObject args) {
    return given(args, "remasking") && args.get("remasking").getAsString().equals("random")
        ? Remasking.RANDOM
        : Remasking.LOW_CONFIDENCE;
  }

  private static CacheKind cache(String function) {
    if (function.endsWith("prefix_cache")) {
      return CacheKind.PREFIX;
    }
    return function.endsWith("dual_cache") ? CacheKind.DUAL : CacheKind.NONE;
  }

  private static int stepsPerBlock(JsonObject args) {
    int blocks = args.get("gen_length").getAsInt() / args.get("block_length").getAsInt();
    return args.get("steps").getAsInt() / blocks;
  }

  static LladaDecoding decoding(JsonObject run, Code code, CacheKind cache, JsonObject params) {
    JsonObject args = run.getAsJsonObject("args");
    BlockLoop loop =
        switch (code) {
          case LLADA -> BlockLoop.published(stepsPerBlock(args));
          case FAST_EARLY -> BlockLoop.earlyFastDllm(cache);
          case FAST_LATER -> BlockLoop.laterFastDllm(cache, stepsPerBlock(args));
        };
    return new LladaDecoding(lateEnd(args, params), loop);
  }

  private static LateEnd lateEnd(JsonObject args, JsonObject params) {
    boolean late =
        args.has("confidence_eos_eot_inf") && args.get("confidence_eos_eot_inf").getAsBoolean();
    return late
        ? LateEnd.published(
            params.get("eos_id").getAsInt(),
            params.get("eot_id").getAsInt(),
            number(args, "temperature"))
        : LateEnd.none();
  }

  private static boolean given(JsonObject args, String name) {
    return args.has(name) && !args.get(name).isJsonNull();
  }

  private static double number(JsonObject args, String name) {
    return given(args, name) ? args.get(name).getAsDouble() : 0;
  }

  /** Recorded numbers {@code u_gumbel [forwards, B, T, V]} and {@code u_conf [forwards, B, T]}. */
  static RaddSampler.Uniforms uniforms(Safetensors expected, String run, int row) {
    double[] gumbel = recorded(expected, run + ".u_gumbel");
    double[] remasking = recorded(expected, run + ".u_conf");
    long[] shape = expected.info(run + ".canvas").dimensions();
    int rows = (int) shape[1];
    int length = (int) shape[2];
    int columns = gumbel.length / Math.max(1, ((int) shape[0] - 1) * rows * length);
    return (step, position, column) -> {
      int at = (step * rows + row) * length + position;
      return column == LladaDraw.REMASKING ? remasking[at] : gumbel[at * columns + column];
    };
  }

  private static double[] recorded(Safetensors expected, String name) {
    return expected.tensors().containsKey(name) ? expected.doubles(name) : new double[0];
  }
}
