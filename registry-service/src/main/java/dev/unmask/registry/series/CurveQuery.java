package dev.unmask.registry.series;

import dev.unmask.registry.api.SeriesApi.Axis;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param from lowest x, included; null for the beginning
 * @param to highest x, included; null for the end
 * @param most buckets a curve
 */
record CurveQuery(
    List<String> runs,
    List<String> keys,
    Axis axis,
    @Nullable Long from,
    @Nullable Long to,
    int most) {}
