package dev.unmask.lm.gguf;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.checkpoint.TensorInfo;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model in a GGUF file, seen as the Hugging Face checkpoint it was made from. */
public final class GgufModel implements AutoCloseable {

  /** Weights of one file of a written checkpoint: bounds the memory that writing takes. */
  private static final long SHARD_BYTES = 1L << 30;

  private final GgufFile file;
  private final JsonObject config;
  private final GgufTensors tensors;

  private GgufModel(GgufFile file) {
    this.file = file;
    GgufConfig read = new GgufConfig(file);
    this.config = read.json();
    this.tensors = new GgufTensors(file, read.interleavedQueryHeads(), read.interleavedKeyHeads());
  }

  /**
   * Opens a file.
   *
   * @throws GgufException if it is damaged, or of an architecture, type or vocabulary that is not
   *     supported
   */
  public static GgufModel open(Path path) {
    GgufFile file = GgufFile.open(path);
    try {
      return new GgufModel(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Its shape as {@code config.json}: {@code model_type} llama or qwen2. */
  public JsonObject config() {
    return config.deepCopy();
  }

  /** Its weights as float32 under Hugging Face names; valid until {@link #close}. */
  public TensorSource tensors() {
    return tensors;
  }

  /** A tensor as float32 in the layout of the file, by its name in the file. */
  float[] stored(String name) {
    GgufTensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new GgufException(file.file(), "has no tensor " + name);
    }
    return file.floats(tensor);
  }

  /**
   * Its vocabulary.
   *
   * @throws GgufException if it is not a byte-level BPE with a known split
   * @throws dev.unmask.lm.tokenizer.InvalidTokenizerException if it is inconsistent
   */
  public Tokenizer tokenizer() {
    return Tokenizers.of(file.file(), withConfig(new GgufVocabulary(file.metadata()).files()));
  }

  private Map<String, JsonObject> withConfig(Map<String, JsonObject> files) {
    files.put(ModelDirectory.CONFIG, config);
    return files;
  }

  /**
   * Writes a model directory: configuration, tokenizer, chat template, and the weights as float32
   * in files of about a gigabyte.
   */
  public void exportTo(Path directory) {
    Tokenizer tokenizer = tokenizer();
    try {
      Files.createDirectories(directory);
      tokenizer.save(directory);
      writeWeights(directory);
      Files.writeString(directory.resolve(ModelDirectory.CONFIG), config + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + directory, e);
    }
  }

  private void writeWeights(Path directory) throws IOException {
    List<List<TensorInfo>> shards = shards();
    if (shards.size() == 1) {
      write(directory.resolve(ModelDirectory.WEIGHTS), shards.getFirst());
      return;
    }
    JsonObject places = new JsonObject();
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      write(directory.resolve(name), shards.get(i));
      shards.get(i).forEach(tensor -> places.addProperty(tensor.name(), name));
    }
    JsonObject index = new JsonObject();
    index.add("metadata", new JsonObject());
    index.add("weight_map", places);
    Files.writeString(directory.resolve(ModelDirectory.INDEX), index + "\n");
  }

  private List<List<TensorInfo>> shards() {
    List<List<TensorInfo>> shards = new ArrayList<>();
    long bytes = SHARD_BYTES;
    for (TensorInfo tensor : tensors.tensors().values()) {
      if (bytes + tensor.byteLength() > SHARD_BYTES) {
        shards.add(new ArrayList<>());
        bytes = 0;
      }
      shards.getLast().add(tensor);
      bytes += tensor.byteLength();
    }
    return shards;
  }

  private void write(Path target, List<TensorInfo> shard) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (TensorInfo tensor : shard) {
      writer.put(tensor.name(), tensor.dimensions(), tensors.floats(tensor.name()));
    }
    writer.write(target);
  }

  @Override
  public void close() {
    file.close();
  }
}
