package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.torch.PrecisionChoice;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native memory does not show in the heap: what the process holds is asked of the system. */
class ResidentMemoryTest {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int WARM_UP = 200;
  private static final int CYCLES = 1_000;
  private static final int READINGS = 20;

  /** A leak of 24 kB a call would exceed it; the weights alone are ten times that. */
  private static final long MOST_GROWTH_KB = 24 << 10;

  private static final String TOKENIZER =
      """
      {"added_tokens": [{"id": 4, "content": "<|end|>", "special": true}],
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
       "decoder": {"type": "ByteLevel"},
       "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "\u0120": 3}, "merges": ["a b"]}}
      """;

  @TempDir Path directory;

  @BeforeEach
  void writeModel() throws IOException {
    if (!Files.exists(STATUS)) {
      System.err.println("SKIPPED: resident memory is read from " + STATUS + ", which is not here");
    }
    Assumptions.assumeTrue(Files.exists(STATUS), "no " + STATUS + " on this system");
    BackboneConfig config = BackboneConfig.llama(6, 2, 64, 2, 128, 64, 8);
    SafetensorsWriter file = new SafetensorsWriter();
    try (Weights weights = Weights.random(config, 1)) {
      weights.write(file, "");
    }
    ModelDirectory.write(directory, BackboneConfigJson.write(config), file);
    Files.writeString(directory.resolve("tokenizer.json"), TOKENIZER);
  }

  @Test
  void staysFlatWhileModelsAreLoadedAndClosed() throws IOException {
    assertFlat(
        () -> {
          try (Generator generator = Generator.open(directory, PrecisionChoice.F32)) {
            assertThat(generator.tokenizer().encode("ab ab")).hasSize(3);
          }
        });
  }

  @Test
  void staysFlatWhileAModelDecodes() throws IOException {
    try (Generator generator = Generator.open(directory, PrecisionChoice.F32)) {
      DecodeSettings settings = generator.defaults().withMaxTokens(16);
      int[] prompt = generator.tokenizer().encode("ab ab");
      assertFlat(
          () -> {
            try (Denoising denoising = generator.start(new Canvas.Completion(prompt), settings)) {
              while (!denoising.finished()) {
                denoising.step();
              }
              generator.tokenizer().decode(denoising.tokens());
            }
          });
    }
  }

  private static void assertFlat(Runnable call) throws IOException {
    repeat(WARM_UP, call);
    long before = residentKilobytes();
    repeat(CYCLES, call);
    long after = residentKilobytes();
    assertThat(after - before).as("growth of resident memory, kB").isLessThan(MOST_GROWTH_KB);
  }

  private static void repeat(int times, Runnable call) {
    for (int i = 0; i < times; i++) {
      call.run();
    }
  }

  /** The least of several readings: cleaners free native memory some time after a collection. */
  private static long residentKilobytes() throws IOException {
    long least = Long.MAX_VALUE;
    for (int reading = 0; reading < READINGS; reading++) {
      System.gc();
      returnFreeMemory();
      least = Math.min(least, reading());
    }
    return least;
  }

  private static long reading() throws IOException {
    try (Stream<String> lines = Files.lines(STATUS)) {
      String line = lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
  }

  /** Freed native memory stays with the C library until it is asked for it (glibc). */
  private static void returnFreeMemory() {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    linker
        .defaultLookup()
        .find("malloc_trim")
        .map(address -> linker.downcallHandle(address, type))
        .ifPresent(ResidentMemoryTest::callWithZero);
  }

  private static void callWithZero(MethodHandle function) {
    try {
      int returned = (int) function.invokeExact(0L);
      assertThat(returned).isBetween(0, 1);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
