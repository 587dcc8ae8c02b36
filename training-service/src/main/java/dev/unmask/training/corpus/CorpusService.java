package dev.unmask.training.corpus;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Use cases of corpora. */
@Service
public class CorpusService {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final CorpusRepository corpora;
  private final CorpusFiles files;
  private final TransactionTemplate transaction;
  private final Clock clock;

  CorpusService(
      CorpusRepository corpora, CorpusFiles files, TransactionTemplate transaction, Clock clock) {
    this.corpora = corpora;
    this.files = files;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Stores a text. */
  StoredCorpus upload(Caller caller, String name, long announcedLength, InputStream text)
      throws IOException {
    return upload(caller, name, announcedLength, text, file -> Contents.ofText(name, file));
  }

  /** Stores prompts and answers. */
  StoredCorpus uploadAnswers(Caller caller, String name, long announcedLength, InputStream lines)
      throws IOException {
    return upload(caller, name, announcedLength, lines, file -> Contents.ofAnswers(name, file));
  }

  /** Streams to disk first; a transaction is open only while file and row appear. */
  private StoredCorpus upload(
      Caller caller,
      String name,
      long announcedLength,
      InputStream text,
      Function<Path, Contents> inspection)
      throws IOException {
    checkName(name);
    files.checkLength(announcedLength);
    if (corpora.findByName(caller.teamId(), name).isPresent()) {
      throw nameTaken(name);
    }
    try (CorpusFiles.Received received = files.receive(text, inspection)) {
      StoredCorpus corpus =
          new StoredCorpus(
              UUID.randomUUID(),
              caller.teamId(),
              name,
              received.contents().kind(),
              received.bytes(),
              received.contents().documents(),
              received.sha256(),
              caller.userId(),
              clock.instant());
      transaction.executeWithoutResult(ignored -> keep(corpus, received));
      return corpus;
    }
  }

  private void keep(StoredCorpus corpus, CorpusFiles.Received received) {
    corpora.lockContent(corpus.sha256());
    if (!corpora.insert(corpus)) {
      throw nameTaken(corpus.name());
    }
    received.keep();
  }

  List<StoredCorpus> list(String team) {
    return corpora.ofTeam(team);
  }

  StoredCorpus get(String team, String id) {
    return byId(team, id).orElseThrow(() -> notFound(id));
  }

  /**
   * The corpus of a job that is being submitted; within a transaction it cannot be deleted before
   * the transaction ends.
   *
   * @param idOrName as in a spec
   */
  public Optional<StoredCorpus> findForUse(String team, String idOrName) {
    return byId(team, idOrName)
        .or(() -> corpora.findByName(team, idOrName))
        .filter(corpus -> corpora.lock(corpus.id(), false));
  }

  void delete(String team, String id) {
    StoredCorpus corpus = get(team, id);
    transaction.executeWithoutResult(
        ignored -> {
          corpora.lock(corpus.id(), true);
          if (corpora.inUse(corpus.id())) {
            throw new UnmaskException(
                ErrorCode.CORPUS_IN_USE,
                "a queued or running job uses corpus \""
                    + corpus.name()
                    + "\": stop it or wait for its end");
          }
          corpora.delete(corpus.id());
        });
    // Only after the row is gone for good: a rolled back delete must still find its text.
    transaction.executeWithoutResult(ignored -> deleteUnnamedText(corpus.sha256()));
  }

  private void deleteUnnamedText(String sha256) {
    corpora.lockContent(sha256);
    if (!corpora.hasContent(sha256)) {
      files.delete(sha256);
    }
  }

  private Optional<StoredCorpus> byId(String team, String id) {
    try {
      return corpora.find(team, UUID.fromString(id));
    } catch (IllegalArgumentException noUuid) {
      return Optional.empty();
    }
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new UnmaskException(
          ErrorCode.INVALID_REQUEST,
          "name is letters, digits, '.', '_' or '-', at most 100, and begins with a letter or"
              + " digit",
          List.of(new FieldFault("name", "must match " + NAME.pattern())));
    }
  }

  private static UnmaskException nameTaken(String name) {
    return new UnmaskException(
        ErrorCode.ALREADY_EXISTS,
        "the team has a corpus \"" + name + "\" already: choose another name or delete it first");
  }

  private static UnmaskException notFound(String id) {
    return new UnmaskException(
        ErrorCode.CORPUS_NOT_FOUND, "there is no corpus " + id + " in this team");
  }
}
