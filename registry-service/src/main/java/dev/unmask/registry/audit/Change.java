package dev.unmask.registry.audit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action changed, for the record.
 *
 * @param action what was done, for instance {@code member.role}
 * @param object what it was done to, by the name or id that callers use
 * @param before the fields that changed, as they were; null where there was nothing
 * @param after the same fields, as they are since; null where there is nothing any more
 */
public record Change(
    String action,
    String object,
    @Nullable Map<String, ?> before,
    @Nullable Map<String, ?> after) {}
