package dev.unmask.registry.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row with its place in the order that it was found in.
 *
 * @param position the values of the order's keys
 */
public record Keyed<T>(T item, List<@Nullable Object> position) {}
