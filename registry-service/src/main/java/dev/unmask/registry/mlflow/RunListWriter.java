package dev.unmask.registry.mlflow;

import dev.unmask.registry.mlflow.MlflowJson.RunMessage;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunFields;
import dev.unmask.registry.run.RunSearchService;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes pages of runs with everything that was logged to them, some at a time: the largest page
 * holds a million entries. No connection to the database is held while a slow client reads.
 */
@Component
class RunListWriter {
  private static final int AT_ONCE = 500;

  private final RunSearchService runs;
  private final RunMessages messages;
  private final JsonMapper json;

  RunListWriter(RunSearchService runs, RunMessages messages, JsonMapper json) {
    this.runs = runs;
    this.messages = messages;
    this.json = json;
  }

  void write(Page<Run> page, HttpServletResponse response) throws IOException {
    List<Run> items = page.items();
    // The first runs are read before anything is written: a failure can still be told as one.
    List<Run.Details> loaded = load(items, 0);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    // Never closed on a failure: closing would end the JSON as if it were complete.
    JsonGenerator out = json.createGenerator(response.getOutputStream());
    out.writeStartObject();
    if (!items.isEmpty()) {
      out.writeArrayPropertyStart("runs");
      for (int from = 0; from < items.size(); from += AT_ONCE) {
        for (RunMessage run : messages.of(from == 0 ? loaded : load(items, from))) {
          out.writePOJO(run);
        }
      }
      out.writeEndArray();
    }
    if (page.next() != null) {
      out.writeStringProperty("next_page_token", page.next());
    }
    out.writeEndObject();
    out.close();
  }

  private List<Run.Details> load(List<Run> items, int from) {
    return runs.load(items.subList(from, Math.min(items.size(), from + AT_ONCE)), RunFields.ALL);
  }
}
