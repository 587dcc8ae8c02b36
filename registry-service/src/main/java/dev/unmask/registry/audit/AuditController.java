package dev.unmask.registry.audit;

import dev.unmask.registry.api.AuditApi.AuditEntry;
import dev.unmask.registry.api.AuditApi.AuditPage;
import dev.unmask.registry.audit.AuditReader.Wanted;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Serves {@link dev.unmask.registry.api.AuditApi}; its tests call it through that contract. */
@RestController
@RequestMapping("/api/v1/registry/audit")
@RequiresRole(Role.ADMIN)
class AuditController {
  private static final int MOST = 1_000;
  private static final Logger log = LoggerFactory.getLogger(AuditController.class);

  /** The last line of an export that could not be finished. */
  private static final byte[] BROKEN_OFF =
      "{\"error\":\"the export is not complete, ask for it again\"}\n"
          .getBytes(StandardCharsets.UTF_8);

  private final AuditReader entries;
  private final JsonMapper json;

  AuditController(AuditReader entries, JsonMapper json) {
    this.entries = entries;
    this.json = json;
  }

  @GetMapping
  AuditPage entries(
      Caller caller,
      @RequestParam(required = false) @Nullable String action,
      @RequestParam(required = false) @Nullable String user,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable Long page,
      @RequestParam(defaultValue = "100") int size) {
    PageSize.check("size", size);
    Wanted wanted = new Wanted(caller.teamId(), action, user, from, to);
    List<AuditEntry> found =
        entries.newestFirst(wanted, page == null ? Long.MAX_VALUE : page, size + 1);
    if (found.size() <= size) {
      return new AuditPage(found, null);
    }
    List<AuditEntry> shown = found.subList(0, size);
    return new AuditPage(shown, shown.getLast().id());
  }

  /** One JSON object a line, from the oldest entry on; memory use does not depend on how many. */
  @GetMapping("/export")
  void export(
      Caller caller,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      HttpServletResponse response)
      throws IOException {
    Wanted wanted = new Wanted(caller.teamId(), null, null, from, to);
    List<AuditEntry> found = entries.oldestFirst(wanted, 0, MOST);
    response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
    response.setHeader("Content-Disposition", "attachment; filename=\"audit.jsonl\"");
    try {
      write(wanted, found, response.getOutputStream());
    } catch (DataAccessException failure) {
      if (!response.isCommitted()) {
        throw failure;
      }
      log.warn("the export of {} ends early", caller.teamId(), failure);
      response.getOutputStream().write(BROKEN_OFF);
    }
  }

  private void write(Wanted wanted, List<AuditEntry> first, OutputStream out) throws IOException {
    List<AuditEntry> found = first;
    while (!found.isEmpty()) {
      for (AuditEntry entry : found) {
        out.write(json.writeValueAsBytes(entry));
        out.write('\n');
      }
      found = entries.oldestFirst(wanted, found.getLast().id(), MOST);
    }
  }
}
