package dev.unmask.registry.note;

import dev.unmask.registry.api.NotesApi;
import dev.unmask.registry.api.NotesApi.Note;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.run.Batch;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.tag.TagRules;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link NotesApi}; its tests call it through that contract. */
@RestController
@RequestMapping("/api/v1/registry")
@RequiresRole(Role.MEMBER)
class NoteController {
  private final RunService runs;
  private final ExperimentService experiments;

  NoteController(RunService runs, ExperimentService experiments) {
    this.runs = runs;
    this.experiments = experiments;
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/runs/{run}/note")
  Note ofRun(Caller caller, @PathVariable String run) {
    return of(runs.details(caller.teamId(), run).tags());
  }

  @PutMapping("/runs/{run}/note")
  Note putOfRun(Caller caller, @PathVariable String run, @Valid @RequestBody Note note) {
    // A longer tag of a run would be cut, which clients rely on; a note shall not lose its end.
    checked(note, TagRules.RUN_TAG_VALUE);
    TreeMap<String, String> tag = new TreeMap<>(Map.of(NotesApi.TAG, note.text()));
    runs.log(caller.teamId(), run, new Batch(List.of(), new TreeMap<>(), tag));
    return note;
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/experiments/{experiment}/note")
  Note ofExperiment(Caller caller, @PathVariable long experiment) {
    return of(experiments.get(caller.teamId(), experiment).tags());
  }

  @PutMapping("/experiments/{experiment}/note")
  Note putOfExperiment(
      Caller caller, @PathVariable long experiment, @Valid @RequestBody Note note) {
    checked(note, TagRules.EXPERIMENT_TAG_VALUE);
    experiments.setTag(caller.teamId(), experiment, NotesApi.TAG, note.text());
    return note;
  }

  private static void checked(Note note, int longest) {
    String text = note.text();
    if (text.length() > longest) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST,
          "text",
          "must have at most " + longest + " characters, has " + text.length());
    }
    if (text.indexOf('\0') >= 0) {
      throw UnmaskException.ofField(
          ErrorCode.INVALID_REQUEST, "text", "must not hold a NUL character");
    }
  }

  private static Note of(Map<String, String> tags) {
    return new Note(tags.getOrDefault(NotesApi.TAG, ""));
  }
}
