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

/** Corpora of a team: plain text that training jobs learn from. */
@HttpExchange("/api/v1/training/corpora")
public interface CorporaApi {
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

  @GetExchange
  List<CorpusView> list();

  @GetExchange("/{id}")
  CorpusView get(@PathVariable("id") String id);

  /** Deletes a corpus that no queued or running job uses (409 CORPUS_IN_USE otherwise). */
  @DeleteExchange("/{id}")
  void delete(@PathVariable("id") String id);
}
