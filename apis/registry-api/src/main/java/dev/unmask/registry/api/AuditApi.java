package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * What was done in the caller's team, by whom; for its admins. Entries are never changed or
 * removed.
 *
 * <p>{@code GET /api/v1/registry/audit/export}, with {@code from} and {@code to} as here, streams
 * the same entries from the oldest on, one JSON object a line, and is therefore not modelled.
 */
@HttpExchange("/api/v1/registry/audit")
public interface AuditApi {

  /**
   * A page of entries, newest first.
   *
   * @param action only entries of this action, for instance {@code member.remove}
   * @param user only what the user of this id did
   * @param from only entries of this time or later
   * @param to only entries before this time
   * @param page {@code next} of the page before; the newest entries where absent
   * @param size entries a page, 1 to 1,000; 100 where absent
   */
  @GetExchange
  AuditPage entries(
      @RequestParam(required = false) @Nullable String action,
      @RequestParam(required = false) @Nullable String user,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable Long page,
      @RequestParam(required = false) @Nullable Integer size);

  /**
   * @param next for the page of older entries; absent on the last one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AuditPage(List<AuditEntry> entries, @Nullable Long next) {}

  /**
   * @param id grows with every entry
   * @param userName as the user is called today; absent when there is no such user any more
   * @param requestId finds the request in every service's log
   * @param ip where the request came from, as the gateway saw it
   * @param action what was done, for instance {@code run.delete}
   * @param object what it was done to, by the name or id that callers use
   * @param before what the action changed, as it was; absent where there was nothing
   * @param after the same, as it is since
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AuditEntry(
      long id,
      Instant at,
      String userId,
      @Nullable String userName,
      @Nullable String tokenId,
      @Nullable String requestId,
      @Nullable String ip,
      String action,
      String object,
      @Nullable String details,
      @Nullable Map<String, Object> before,
      @Nullable Map<String, Object> after) {}
}
