package dev.unmask.lm.gguf;

import dev.unmask.lm.checkpoint.ElementType;
import dev.unmask.lm.checkpoint.TensorInfo;
import dev.unmask.lm.checkpoint.TensorSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights of a GGUF file under the names, and in the row order, of a Hugging Face checkpoint.
 *
 * <p>Files of architecture {@code llama} hold the rows of the query and key projections in another
 * order: the two halves of a head that rotate together are interleaved. That is undone here.
 */
final class GgufTensors implements TensorSource {

  private final GgufFile file;
  private final int queryHeads;
  private final int keyHeads;
  private final Map<String, GgufTensor> stored = new LinkedHashMap<>();
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  /**
   * @param queryHeads heads whose query rows are interleaved, 0 if none are
   * @param keyHeads the same of the keys
   */
  GgufTensors(GgufFile file, int queryHeads, int keyHeads) {
    this.file = file;
    this.queryHeads = queryHeads;
    this.keyHeads = keyHeads;
    for (GgufTensor tensor : file.tensors().values()) {
      String name =
          GgufNames.huggingFace(tensor.name())
              .orElseThrow(
                  () ->
                      new GgufException(
                          file.file(), "tensor " + tensor.name() + " has no place in this model"));
      stored.put(name, tensor);
      tensors.put(
          name,
          new TensorInfo(
              name, ElementType.F32, tensor.shape(), tensor.offset(), 4L * tensor.elements()));
    }
  }

  @Override
  public Path file() {
    return file.file();
  }

  /** All tensors by name, as the float32 they are read as. */
  @Override
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw missing(name);
    }
    return info;
  }

  @Override
  public float[] floats(String name) {
    GgufTensor tensor = stored.get(name);
    if (tensor == null) {
      throw missing(name);
    }
    float[] values = file.floats(tensor);
    int heads = name.contains(".q_proj.") ? queryHeads : name.contains(".k_proj.") ? keyHeads : 0;
    return heads == 0 ? values : halvesApart(tensor, values, heads);
  }

  private GgufException missing(String name) {
    return new GgufException(file.file(), "expected the tensor " + name + ", the file has none");
  }

  /** Row {@code 2 i + h} of a head becomes row {@code i} of its half {@code h}. */
  private float[] halvesApart(GgufTensor tensor, float[] values, int heads) {
    int rows = Math.toIntExact(tensor.shape().getFirst());
    if (rows % (2 * heads) != 0) {
      throw new GgufException(
          file.file(),
          "%s has %d rows, expected a multiple of %d".formatted(tensor.name(), rows, 2 * heads));
    }
    int columns = values.length / rows;
    int half = rows / heads / 2;
    float[] ordered = new float[values.length];
    for (int row = 0; row < rows; row++) {
      int head = row / (2 * half);
      int within = row % (2 * half);
      int source = head * 2 * half + 2 * (within % half) + within / half;
      System.arraycopy(values, source * columns, ordered, row * columns, columns);
    }
    return ordered;
  }

  @Override
  public void close() {
    file.close();
  }
}
