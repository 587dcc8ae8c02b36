package dev.unmask.lm.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of this machine's processor decides between two ways of computing the same. A rule rather
 * than a measurement where both round differently and are near enough in time to change places: a
 * restart must not change a generated text.
 */
public final class Processor {
  private static final Logger log = LoggerFactory.getLogger(Processor.class);
  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
  private static final boolean TILES = hasTiles();
  private static final int FEW_QUERIES = 64;
  private static final int TRAINED_QUERIES = 256;

  private Processor() {}

  /**
   * Up to how many queries of bfloat16 meet cached keys and values in two products rather than in
   * PyTorch's fused kernel. That takes 0.8 times as long on processors with tiles of bfloat16
   * (AMX), two to three times on others; a GPU always fuses.
   */
  public static int decodedInTwo() {
    return TILES || TorchRuntime.device().isGpu() ? 0 : FEW_QUERIES;
  }

  /**
   * The same in training, where gradients follow. The fused kernel's gradients make no use of the
   * processor's bfloat16: a step of block diffusion takes 1.27 times as long with it. Two products
   * hold all weights of a row's attention, so rows that are longer are fused.
   */
  public static int trainedInTwo() {
    return TorchRuntime.device().isGpu() ? 0 : TRAINED_QUERIES;
  }

  private static boolean hasTiles() {
    if (!Files.isReadable(DESCRIPTION)) {
      return false; // only Linux has it
    }
    try {
      return Files.readString(DESCRIPTION).contains(" amx_bf16");
    } catch (IOException e) {
      log.debug("cannot read {}", DESCRIPTION, e);
      return false;
    }
  }
}
