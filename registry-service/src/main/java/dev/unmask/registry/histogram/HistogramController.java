package dev.unmask.registry.histogram;

import dev.unmask.registry.api.HistogramsApi;
import dev.unmask.registry.api.HistogramsApi.HistogramKeys;
import dev.unmask.registry.api.HistogramsApi.HistogramSeries;
import dev.unmask.registry.api.HistogramsApi.LogHistograms;
import dev.unmask.registry.api.HistogramsApi.Stored;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link HistogramsApi}. */
@RestController
@RequestMapping("/api/v1/registry/runs/{run}/histograms")
@RequiresRole(Role.MEMBER)
class HistogramController {
  private static final int FEWEST_STEPS = 2;
  private static final int MOST_STEPS = 500;

  private final HistogramService histograms;

  HistogramController(HistogramService histograms) {
    this.histograms = histograms;
  }

  @PostMapping
  Stored log(Caller caller, @PathVariable String run, @RequestBody LogHistograms request) {
    return new Stored(
        histograms.log(caller.teamId(), run, HistogramRules.checked(request.histograms())));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  HistogramSeries read(
      Caller caller,
      @PathVariable String run,
      @RequestParam String key,
      @RequestParam(required = false) @Nullable Long from,
      @RequestParam(required = false) @Nullable Long to,
      @RequestParam(defaultValue = "100") int steps) {
    List<FieldFault> faults = new ArrayList<>();
    checkNoNul(faults, "key", key);
    if (steps < FEWEST_STEPS || steps > MOST_STEPS) {
      faults.add(
          new FieldFault(
              "steps", "must be from %d to %d, was %d".formatted(FEWEST_STEPS, MOST_STEPS, steps)));
    }
    if (from != null && to != null && from > to) {
      faults.add(new FieldFault("to", "must not be below from, was " + to + " below " + from));
    }
    refuse(faults);
    long lowest = from == null ? Long.MIN_VALUE : from;
    long highest = to == null ? Long.MAX_VALUE : to;
    return histograms.read(caller.teamId(), run, new HistogramQuery(key, lowest, highest, steps));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/keys")
  HistogramKeys keys(
      Caller caller, @PathVariable String run, @RequestParam(defaultValue = "") String after) {
    List<FieldFault> faults = new ArrayList<>();
    checkNoNul(faults, "after", after);
    refuse(faults);
    return histograms.keys(caller.teamId(), run, after);
  }

  private static void checkNoNul(List<FieldFault> faults, String field, String text) {
    if (text.indexOf('\0') >= 0) {
      faults.add(new FieldFault(field, "must not hold a NUL character"));
    }
  }

  private static void refuse(List<FieldFault> faults) {
    if (!faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, faults);
    }
  }
}
