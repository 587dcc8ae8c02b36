package dev.unmask.lm.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes small GGUF files for tests. */
final class GgufBytes {

  private record Tensor(String name, long[] shape, int type, byte[] data) {}

  private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
  private final List<Tensor> tensors = new ArrayList<>();
  private int keys;

  /** A llama with one layer, 4 heads of width 8, and a vocabulary of bytes. */
  static GgufBytes tinyLlama() {
    GgufBytes file = new GgufBytes();
    file.text("general.architecture", "llama");
    file.number("llama.context_length", 64).number("llama.embedding_length", 32);
    file.number("llama.block_count", 1).number("llama.feed_forward_length", 64);
    file.number("llama.attention.head_count", 4).number("llama.attention.head_count_kv", 2);
    file.real("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    file.text("tokenizer.ggml.model", "gpt2").text("tokenizer.ggml.pre", "gpt-2");
    file.texts("tokenizer.ggml.tokens", List.of("<|end|>", "a", "b", "Ġ", "ab"));
    file.texts("tokenizer.ggml.merges", List.of("a b"));
    file.numbers("tokenizer.ggml.token_type", List.of(3, 1, 1, 1, 1));
    file.number("tokenizer.ggml.eos_token_id", 0);
    file.tensor("token_embd.weight", 8, 34, 5, 32).tensor("output_norm.weight", 0, 4, 32);
    file.tensor("blk.0.attn_norm.weight", 0, 4, 32).tensor("blk.0.ffn_norm.weight", 0, 4, 32);
    file.tensor("blk.0.attn_q.weight", 2, 18, 32, 32).tensor("blk.0.attn_k.weight", 3, 20, 16, 32);
    file.tensor("blk.0.attn_v.weight", 1, 2, 16, 32)
        .tensor("blk.0.attn_output.weight", 30, 2, 32, 32);
    file.tensor("blk.0.ffn_gate.weight", 8, 34, 64, 32)
        .tensor("blk.0.ffn_up.weight", 8, 34, 64, 32);
    return file.tensor("blk.0.ffn_down.weight", 8, 34, 32, 64);
  }

  GgufBytes text(String key, String value) {
    return key(key, 8).text(metadata, value);
  }

  GgufBytes number(String key, int value) {
    return key(key, 4).bytes(metadata, 4, value);
  }

  GgufBytes real(String key, float value) {
    return key(key, 6).bytes(metadata, 4, Float.floatToIntBits(value));
  }

  GgufBytes texts(String key, List<String> values) {
    key(key, 9).bytes(metadata, 4, 8).bytes(metadata, 8, values.size());
    values.forEach(value -> text(metadata, value));
    return this;
  }

  GgufBytes numbers(String key, List<Integer> values) {
    key(key, 9).bytes(metadata, 4, 5).bytes(metadata, 8, values.size());
    values.forEach(value -> bytes(metadata, 4, value));
    return this;
  }

  /**
   * @param blockBytes bytes of a block of 32 weights, or of one weight of a plain type
   */
  GgufBytes tensor(String name, int type, int blockBytes, long... shape) {
    long elements = 1;
    for (long axis : shape) {
      elements *= axis;
    }
    int block = type == 0 || type == 1 || type == 30 ? 1 : 32;
    tensors.add(new Tensor(name, shape, type, new byte[(int) (elements / block * blockBytes)]));
    return this;
  }

  byte[] toBytes() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    bytes(file, 4, 0x46554747).bytes(file, 4, 3).bytes(file, 8, tensors.size());
    bytes(file, 8, keys).append(file, metadata.toByteArray());
    long offset = 0;
    for (Tensor tensor : tensors) {
      text(file, tensor.name()).bytes(file, 4, tensor.shape().length);
      for (int i = tensor.shape().length - 1; i >= 0; i--) {
        bytes(file, 8, tensor.shape()[i]);
      }
      bytes(file, 4, tensor.type()).bytes(file, 8, offset);
      offset += aligned(tensor.data().length);
    }
    append(file, new byte[(int) aligned(file.size()) - file.size()]);
    for (Tensor tensor : tensors) {
      append(file, java.util.Arrays.copyOf(tensor.data(), (int) aligned(tensor.data().length)));
    }
    return file.toByteArray();
  }

  private static long aligned(long length) {
    return (length + 31) / 32 * 32;
  }

  private GgufBytes key(String key, int type) {
    keys++;
    return text(metadata, key).bytes(metadata, 4, type);
  }

  private GgufBytes text(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return bytes(out, 8, utf8.length).append(out, utf8);
  }

  private GgufBytes bytes(ByteArrayOutputStream out, int width, long value) {
    byte[] number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(number, 0, width);
    return this;
  }

  private GgufBytes append(ByteArrayOutputStream out, byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }
}
