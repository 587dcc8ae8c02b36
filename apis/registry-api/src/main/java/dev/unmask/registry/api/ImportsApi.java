package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Takes over what another MLflow server holds, through its REST API and in the background:
 * experiments, runs with their params, tags, whole histories, data sets and files, registered
 * models with their versions and aliases. For admins.
 *
 * <p>Experiments are joined by name. Runs keep their ids where these are free. What was imported
 * once is found again, so an import may be repeated: it adds what is new. Deleted runs, and
 * versions made of logged models, are left out.
 */
@HttpExchange("/api/v1/registry/imports")
public interface ImportsApi {

  /**
   * Begins an import.
   *
   * @return 202; 400 when the address is not allowed, 409 when the team has one under way
   */
  @PostExchange
  ImportView start(@Valid @RequestBody StartImport request);

  /** The team's imports, newest first. */
  @GetExchange
  List<ImportView> list();

  /** One import with how far it is; 404 when the team has none of this id. */
  @GetExchange("/{id}")
  ImportView get(@PathVariable String id);

  /**
   * Ends an import; what it has brought stays.
   *
   * @return the import as it is then; 409 when it had ended already
   */
  @DeleteExchange("/{id}")
  ImportView cancel(@PathVariable String id);

  /** Where an import stands. */
  enum ImportState {
    /** To be begun, or taken up again after a pause. */
    WAITING,
    RUNNING,
    /** Everything was looked at; what could not be brought is told by the faults. */
    FINISHED,
    /** Given up for the reason that {@code error} tells. */
    FAILED,
    CANCELLED
  }

  /**
   * @param url of the server, for instance {@code https://mlflow.example.org}; https and public
   *     unless the operator trusts the address
   * @param token sent as {@code Authorization: Bearer}; kept encrypted until the import ends, and
   *     never shown
   * @param username for servers that ask for a name and a password, with {@code password}
   * @param experiments names of those to bring; all active ones where absent or empty
   * @param artifacts whether files are brought, too; they are where absent
   * @param models whether registered models are brought, too; they are where absent
   */
  record StartImport(
      @NotBlank @Size(max = 2_000) String url,
      @Nullable @Size(max = 8_000) @Pattern(regexp = "[!-~]*") String token,
      @Nullable @Size(max = 500) @Pattern(regexp = "[^:\\p{Cc}]*") String username,
      @Nullable @Size(max = 500) String password,
      @Nullable @Size(max = 1_000) List<@NotBlank @Size(max = 500) String> experiments,
      @Nullable Boolean artifacts,
      @Nullable Boolean models) {}

  /**
   * @param error why it waits or was given up; absent where nothing is wrong
   * @param faults the first 100 of what could not be brought
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ImportView(
      String id,
      String url,
      List<String> experiments,
      boolean artifacts,
      boolean models,
      ImportState state,
      @Nullable String error,
      String createdBy,
      Instant createdAt,
      @Nullable Instant endedAt,
      Progress progress,
      List<ImportFault> faults) {}

  /**
   * How much was brought so far, or found to be here already.
   *
   * @param failed what could not be brought
   */
  record Progress(long experiments, long runs, long models, long versions, long failed) {}

  /**
   * @param kind experiment, run, artifacts, model, version or alias
   * @param source what the source calls it
   */
  record ImportFault(String kind, String source, String message) {}
}
