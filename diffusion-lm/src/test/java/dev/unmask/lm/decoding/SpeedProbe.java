package dev.unmask.lm.decoding;

import dev.unmask.lm.backbone.*;
import dev.unmask.lm.torch.*;

public final class SpeedProbe {
  public static void main(String[] args) {
    int vocabulary = 1025;
    for (int[] shape : new int[][] {{6, 192, 6, 512}, {6, 256, 4, 640}}) {
      BackboneConfig config =
          BackboneConfig.llama(vocabulary, shape[0], shape[1], shape[2], shape[3], 512, 8);
      System.out.println(config.parameterCount() + " parameters, threads " + TensorScope.threads());
      for (Precision precision : new Precision[] {Precision.F32, Precision.BF16}) {
        try (Generator g =
            Generator.of(
                Transformer.forDecoding(config, Weights.random(config, 1), precision),
                new LetterTokenizer(vocabulary - 1))) {
          for (int rep = 0; rep < 4; rep++) {
            DecodeSettings s =
                g.defaults()
                    .withMaxTokens(256)
                    .withMayEnd(false)
                    .withPolicy(new DecodingPolicy.FixedTokensPerStep(1));
            try (Denoising d = g.start(Canvas.completion(new int[16]), s)) {
              DecodeReport r = d.finish();
              System.out.printf(
                  "%s cached one a step: %.3f ms/forward %d%n",
                  precision, r.millisPerForward(), r.nfe());
            }
            s = s.withPolicy(new DecodingPolicy.FixedTokensPerStep(4));
            try (Denoising d = g.start(Canvas.completion(new int[16]), s)) {
              DecodeReport r = d.finish();
              System.out.printf(
                  "%s cached 4 a step: %.3f ms/forward %.0f tokens/s%n",
                  precision, r.millisPerForward(), 256e3 / r.millis());
            }
            if (rep > 0)
              try (Denoising d = g.start(Canvas.completion(new int[16]), g.plain(s))) {
                DecodeReport r = d.finish();
                System.out.printf(
                    "%s plain: %.3f ms/forward %.0f tokens/s%n",
                    precision, r.millisPerForward(), 256e3 / r.millis());
              }
          }
        }
      }
    }
  }
}
