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

  private Processor() {}

  /**
   * Whether few queries of bfloat16 meet their keys and values in two products. PyTorch's fused
   * kernel takes 0.8 times as long as those with tiles of bfloat16 (AMX), two to three times
   * without; a GPU always fuses.
   */
  public static boolean attendsInTwo() {
    return !TILES && !TorchRuntime.device().isGpu();
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
