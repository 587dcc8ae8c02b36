package dev.unmask.lm.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A checkpoint in several safetensors files and the index that says which tensor is in which
 * ({@code model.safetensors.index.json}). Every shard is checked on opening, and that index and
 * shards name the same tensors.
 */
public final class ShardedSafetensors implements TensorSource {
  private final Path index;
  private final Map<String, Safetensors> shards;
  private final Map<String, Safetensors> holders = new TreeMap<>();
  private final Map<String, TensorInfo> tensors = new TreeMap<>();

  private ShardedSafetensors(Path index, Map<String, Safetensors> shards) {
    this.index = index;
    this.shards = shards;
  }

  /**
   * Opens the shards that an index names; they stand beside it.
   *
   * @throws SafetensorsException if the index or a shard is missing or damaged, or they disagree
   */
  public static ShardedSafetensors open(Path index) {
    Map<String, String> places = places(index);
    ShardedSafetensors opened = new ShardedSafetensors(index, new LinkedHashMap<>());
    try {
      places.values().stream().distinct().sorted().forEach(opened::openShard);
      places.forEach(opened::locate);
      opened.requireNothingElse();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static Map<String, String> places(Path index) {
    Map<String, String> places = new TreeMap<>();
    for (Map.Entry<String, JsonElement> entry : weightMap(index).entrySet()) {
      JsonElement shard = entry.getValue();
      if (!shard.isJsonPrimitive() || !isPlainName(shard.getAsString())) {
        throw new SafetensorsException(
            index, entry.getKey(), "expected the name of a file beside the index, was " + shard);
      }
      places.put(entry.getKey(), shard.getAsString());
    }
    return places;
  }

  /** A name that cannot lead out of the directory. */
  private static boolean isPlainName(String name) {
    return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*");
  }

  private static JsonObject weightMap(Path index) {
    try {
      JsonObject json = JsonParser.parseString(Files.readString(index)).getAsJsonObject();
      return json.getAsJsonObject("weight_map").getAsJsonObject();
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | NullPointerException e) {
      throw new SafetensorsException(index, null, "expected a JSON object with weight_map", e);
    } catch (NoSuchFileException e) {
      throw new SafetensorsException(index, null, "expected a file, there is none", e);
    } catch (IOException e) {
      throw new SafetensorsException(index, null, "cannot be read: " + e.getMessage(), e);
    }
  }

  private void openShard(String name) {
    shards.put(name, Safetensors.open(index.resolveSibling(name)));
  }

  private void locate(String tensor, String shard) {
    Safetensors holder = shards.get(shard);
    if (holder != null) {
      tensors.put(tensor, holder.info(tensor));
      holders.put(tensor, holder);
    }
  }

  private void requireNothingElse() {
    for (Safetensors shard : shards.values()) {
      for (String name : shard.tensors().keySet()) {
        if (holders.get(name) != shard) {
          throw new SafetensorsException(
              shard.file(), name, "the index does not place this tensor in this file");
        }
      }
    }
  }

  @Override
  public Path file() {
    return index;
  }

  @Override
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public TensorInfo info(String name) {
    return holder(name).info(name);
  }

  @Override
  public float[] floats(String name) {
    return holder(name).floats(name);
  }

  @Override
  public Optional<ByteBuffer> inMemory(String name) {
    return holder(name).inMemory(name);
  }

  private Safetensors holder(String name) {
    Safetensors holder = holders.get(name);
    if (holder == null) {
      throw new SafetensorsException(index, name, "expected this tensor, no file has it");
    }
    return holder;
  }

  @Override
  public void close() {
    shards.values().forEach(Safetensors::close);
  }
}
