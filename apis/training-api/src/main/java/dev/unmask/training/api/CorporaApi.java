package dev.unmask.training.api;

import java.util.List;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Corpora of a team: plain text, or prompts and answers, that training jobs learn from. */
@HttpExchange("/api/v1/training/corpora")
public interface CorporaApi {
  /** Media type of prompts and answers. */
  String JSON_LINES = "application/jsonl";

  /** Another name of it. */
  String NDJSON = "application/x-ndjson";

  /**
   * Stores a text.
   *
   * @param name unique in the team, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,99}}
   * @param text UTF-8, read once as a stream; documents are separated by a form feed (U+000C), a
   *     text without one is one document
   * @return the stored corpus (201). Faults: 400 CORPUS_EMPTY, CORPUS_NOT_TEXT (names the byte
   *     offset), 409 ALREADY_EXISTS, 413 BODY_TOO_LARGE
   */
  @PostExchange(contentType = MediaType.TEXT_PLAIN_VALUE)
  CorpusView upload(@RequestParam("name") String name, @RequestBody InputStreamResource text);

  /**
   * Stores prompts and answers for fine-tuning.
   *
   * @param name as in {@link #upload}
   * @param lines UTF-8, read once as a stream; a JSON object a line, with {@code prompt} and {@code
   *     answer}, or with {@code messages}: a list of objects with {@code role} and {@code content}
   *     that ends with one of the assistant. A file has lines of one kind; other fields are passed
   *     over
   * @return the stored corpus (201). Faults: 400 CORPUS_LINE_INVALID (names the line and the
   *     field), CORPUS_EMPTY, CORPUS_NOT_TEXT, 409 ALREADY_EXISTS, 413 BODY_TOO_LARGE; nothing is
   *     stored then
   */
  @PostExchange(contentType = JSON_LINES)
  CorpusView uploadAnswers(
      @RequestParam("name") String name, @RequestBody InputStreamResource lines);

  @GetExchange
  List<CorpusView> list();

  @GetExchange("/{id}")
  CorpusView get(@PathVariable("id") String id);

  /** Deletes a corpus that no queued or running job uses (409 CORPUS_IN_USE otherwise). */
  @DeleteExchange("/{id}")
  void delete(@PathVariable("id") String id);
}
