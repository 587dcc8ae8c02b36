package dev.unmask.registry.export;

import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object a line. */
final class JsonLines<T> implements Sheet<T> {
  private final JsonMapper json;
  private final OutputStream out;

  JsonLines(JsonMapper json, OutputStream out) {
    this.json = json;
    this.out = out;
  }

  @Override
  public void write(T row) throws IOException {
    out.write(json.writeValueAsBytes(row));
    out.write('\n');
  }

  @Override
  public void finish() throws IOException {
    out.flush();
  }
}
