package dev.unmask.registry.card;

import dev.unmask.registry.api.ModelCardsApi.ModelCard;
import dev.unmask.registry.api.ModelCardsApi.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A card as GitHub-flavoured Markdown; what users wrote is shown, never interpreted. */
final class CardMarkdown {
  private static final String SPECIAL = "\\`*_{}[]()#+!|~";

  private final StringBuilder text = new StringBuilder();

  private CardMarkdown() {}

  static String of(ModelCard card) {
    CardMarkdown markdown = new CardMarkdown();
    markdown.line("# " + plain(card.name()) + ", version " + card.version());
    String description = card.description();
    if (description != null && !description.isBlank()) {
      markdown.line(plain(description));
    }
    markdown.table("What it is", facts(card));
    Origin run = card.run();
    if (run != null) {
      markdown.table("How it was made", origin(run));
      markdown.table("Configuration", run.params());
      markdown.table("Results", results(run));
    }
    markdown.table("Network", card.network());
    markdown.table("Decoding", card.decoding());
    markdown.table("Tags", card.tags());
    SequencedMap<String, String> files = new LinkedHashMap<>();
    card.files().forEach(file -> files.put(file.path(), file.size() + " bytes, " + file.sha256()));
    markdown.table("Files", files);
    return markdown.text.toString();
  }

  private static SequencedMap<String, String> facts(ModelCard card) {
    SequencedMap<String, String> facts = new LinkedHashMap<>();
    facts.put("digest", card.digest());
    facts.put("aliases", String.join(", ", card.aliases()));
    String licence = card.licence();
    facts.put(
        "licence",
        licence == null ? "not stated: set the tag 'license' of the version or model" : licence);
    facts.put("registered", card.registeredAt() + " by " + card.registeredBy());
    return facts;
  }

  private static SequencedMap<String, String> origin(Origin run) {
    SequencedMap<String, String> facts = new LinkedHashMap<>();
    facts.put("run", run.name() + ", " + run.runId());
    facts.put("state", run.status());
    facts.put("started", run.startedAt().toString());
    facts.put("ended", run.endedAt() == null ? "" : run.endedAt().toString());
    run.tags().forEach((key, value) -> copy(key, value, facts::put));
    return facts;
  }

  /** Tags that say where a run came from; others are the team's own notes. */
  private static void copy(String key, String value, BiConsumer<String, String> to) {
    if (key.startsWith("mlflow.source.") || key.startsWith("unmask.")) {
      to.accept(key, value);
    }
  }

  private static SequencedMap<String, String> results(Origin run) {
    SequencedMap<String, String> results = new LinkedHashMap<>();
    run.metrics()
        .forEach(
            point -> results.put(point.metric(), point.value() + " (step " + point.step() + ")"));
    return results;
  }

  private void table(String title, Map<String, String> rows) {
    if (rows.isEmpty()) {
      return;
    }
    line("## " + title);
    text.append("| | |\n|---|---|\n");
    Consumer<Map.Entry<String, String>> row =
        entry ->
            text.append("| ")
                .append(plain(entry.getKey()))
                .append(" | ")
                .append(plain(entry.getValue()))
                .append(" |\n");
    rows.entrySet().forEach(row);
    text.append('\n');
  }

  private void line(String line) {
    text.append(line).append("\n\n");
  }

  /** On one line, every character that Markdown or HTML could act on escaped. */
  static String plain(@Nullable String value) {
    StringBuilder plain = new StringBuilder();
    (value == null ? "" : value)
        .codePoints()
        .map(c -> Character.isWhitespace(c) || Character.isISOControl(c) ? ' ' : c)
        .forEach(
            c -> {
              if (c == '<' || c == '>' || c == '&') {
                plain.append("&#").append(c).append(';');
                return;
              }
              if (SPECIAL.indexOf(c) >= 0) {
                plain.append('\\');
              }
              plain.appendCodePoint(c);
            });
    return plain.toString();
  }
}
