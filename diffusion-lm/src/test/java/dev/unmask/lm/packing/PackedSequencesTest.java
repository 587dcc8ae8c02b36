package dev.unmask.lm.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedSequencesTest {

  private static final int END = 99;

  @TempDir Path directory;

  @Test
  void joinsDocumentsAndCutsThemIntoFullRows() {
    PackedSequences packed =
        Packer.pack(List.of(new int[] {1, 2, 3}, new int[] {4}, new int[] {5, 6, 7, 8}), 3, END);

    assertThat(packed.count()).isEqualTo(3);
    assertThat(packed.tokens()).isEqualTo(9);
    assertThat(packed.sequence(0)).containsExactly(1, 2, 3);
    assertThat(packed.sequence(1)).containsExactly(END, 4, END);
    assertThat(packed.sequence(2)).containsExactly(5, 6, 7);
  }

  @Test
  void knowsWhereDocumentsBegin() {
    PackedSequences packed = PackedSequences.of(new int[] {1, END, 2, END, 3, 4, 5, 6}, 4, END);

    assertThat(packed.documentStarts(0)).containsExactly(0, 2);
    assertThat(packed.documentStarts(1)).containsExactly(0);
    assertThat(PackedSequences.of(new int[] {1, 2, 3, END}, 2, END).documentStarts(1)).isEmpty();
  }

  @Test
  void saysHowMuchTextIsMissing() {
    assertThatThrownBy(() -> Packer.pack(List.of(new int[] {1, 2}), 8, END))
        .isInstanceOf(CorpusTooSmallException.class)
        .hasMessage("the text has 3 tokens, one sequence needs 8: add text or shorten the context");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 10, 25})
  void showsEveryRowOnceAnEpochWhateverTheBatchSize(int batchSize) {
    PackedSequences packed = numbered(10);
    List<Integer> drawn = new ArrayList<>();
    for (long step = 0; drawn.size() < 30; step++) {
      for (int[] row : packed.batch(step, batchSize, 5)) {
        drawn.add(row[0]);
      }
    }

    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(drawn.subList(epoch * 10, epoch * 10 + 10))
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
    assertThat(drawn.subList(0, 10)).isNotEqualTo(drawn.subList(10, 20));
  }

  @Test
  void makesABatchOfTheStepNumberAloneInWhateverOrderTheyAreAsked() {
    PackedSequences packed = numbered(50);
    int[][] later = packed.batch(40, 8, 3);
    packed.batch(2, 8, 3);
    packed.batch(2, 8, 4);

    assertThat(packed.batch(40, 8, 3)).isDeepEqualTo(later);
    assertThat(numbered(50).batch(40, 8, 3)).isDeepEqualTo(later);
    assertThat(numbered(50).batch(40, 8, 4)).isNotEqualTo(later);
  }

  @Test
  void readsBackFromAFileWhatItSaved() {
    PackedSequences packed = numbered(17);
    Path file = directory.resolve("folder/training.packed");

    packed.save(file);
    packed.save(file);
    PackedSequences loaded = PackedSequences.load(file);

    assertThat(loaded.count()).isEqualTo(17);
    assertThat(loaded.length()).isEqualTo(2);
    assertThat(loaded.endOfText()).isEqualTo(END);
    for (int index = 0; index < 17; index++) {
      assertThat(loaded.sequence(index)).isEqualTo(packed.sequence(index));
    }
    assertThat(loaded.batch(3, 4, 1)).isDeepEqualTo(packed.batch(3, 4, 1));
    assertThat(directory.resolve("folder").toFile().list()).containsExactly("training.packed");
  }

  @Test
  void refusesEveryFileWithOneByteChanged() throws IOException {
    Path file = directory.resolve("training.packed");
    numbered(3).save(file);
    byte[] sound = Files.readAllBytes(file);

    for (int at = 0; at < sound.length; at++) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 0x20;
      Path copy = Files.write(directory.resolve("damaged-" + at), damaged);
      assertThatThrownBy(() -> PackedSequences.load(copy))
          .isInstanceOf(InvalidPackedSequencesException.class)
          .hasMessageContaining(copy.toString());
    }
  }

  @Test
  void refusesAFileThatIsMissingCutShortOrTooLong() throws IOException {
    Path file = directory.resolve("training.packed");
    numbered(3).save(file);
    byte[] sound = Files.readAllBytes(file);

    assertRefused(directory.resolve("none"), "the file is missing");
    assertRefused(write(Arrays.copyOf(sound, 10)), "must have a header of 24 bytes");
    assertRefused(write(Arrays.copyOf(sound, sound.length - 4)), "must hold 3 rows of 2 ids");
    assertRefused(write(Arrays.copyOf(sound, sound.length + 1)), "must hold 3 rows of 2 ids");
  }

  @Test
  void namesARowItDoesNotHave() {
    assertThatThrownBy(() -> numbered(3).sequence(3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("sequence must be in [0, 3), was 3");
  }

  private static PackedSequences numbered(int count) {
    int[] ids = IntStream.range(0, count).flatMap(row -> IntStream.of(row, row)).toArray();
    return PackedSequences.of(ids, 2, END);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("changed.packed"), bytes);
  }

  private static void assertRefused(Path file, String expectation) {
    assertThatThrownBy(() -> PackedSequences.load(file))
        .isInstanceOf(InvalidPackedSequencesException.class)
        .hasMessageContaining(expectation);
  }
}
