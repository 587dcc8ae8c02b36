package dev.unmask.training.corpus;

import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import dev.unmask.training.api.CorporaApi;
import dev.unmask.training.api.CorpusView;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The routes of {@link dev.unmask.training.api.CorporaApi}, with the caller added. */
@RestController
@RequestMapping("/api/v1/training/corpora")
class CorpusController {
  private final CorpusService corpora;

  CorpusController(CorpusService corpora) {
    this.corpora = corpora;
  }

  @PostMapping(consumes = MediaType.TEXT_PLAIN_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @RequiresRole(Role.MEMBER)
  CorpusView upload(Caller caller, @RequestParam("name") String name, HttpServletRequest request)
      throws IOException {
    return corpora
        .upload(caller, name, request.getContentLengthLong(), request.getInputStream())
        .view();
  }

  @PostMapping(consumes = {CorporaApi.JSON_LINES, CorporaApi.NDJSON})
  @ResponseStatus(HttpStatus.CREATED)
  @RequiresRole(Role.MEMBER)
  CorpusView uploadAnswers(
      Caller caller, @RequestParam("name") String name, HttpServletRequest request)
      throws IOException {
    return corpora
        .uploadAnswers(caller, name, request.getContentLengthLong(), request.getInputStream())
        .view();
  }

  @GetMapping
  @RequiresRole(Role.VIEWER)
  List<CorpusView> list(Caller caller) {
    return corpora.list(caller.teamId()).stream().map(StoredCorpus::view).toList();
  }

  @GetMapping("/{id}")
  @RequiresRole(Role.VIEWER)
  CorpusView get(Caller caller, @PathVariable("id") String id) {
    return corpora.get(caller.teamId(), id).view();
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @RequiresRole(Role.MEMBER)
  void delete(Caller caller, @PathVariable("id") String id) {
    corpora.delete(caller.teamId(), id);
  }
}
