package dev.unmask.registry.sample;

import dev.unmask.registry.api.SamplesApi;
import dev.unmask.registry.api.SamplesApi.LogSamples;
import dev.unmask.registry.api.SamplesApi.SamplePage;
import dev.unmask.registry.api.SamplesApi.Stored;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link SamplesApi}. */
@RestController
@RequestMapping("/api/v1/registry/runs/{run}/samples")
@RequiresRole(Role.MEMBER)
class SampleController {
  private final SampleService samples;

  SampleController(SampleService samples) {
    this.samples = samples;
  }

  @PostMapping
  Stored log(Caller caller, @PathVariable String run, @RequestBody LogSamples request) {
    return new Stored(samples.log(caller.teamId(), run, SampleRules.checked(request.samples())));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  SamplePage read(
      Caller caller,
      @PathVariable String run,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(required = false) @Nullable Long from,
      @RequestParam(required = false) @Nullable Long to,
      @RequestParam(defaultValue = "100") int size,
      @RequestParam(required = false) @Nullable String after) {
    PageSize.check("size", size);
    return samples.read(caller.teamId(), run, SampleQuery.of(name, from, to, size, after));
  }
}
