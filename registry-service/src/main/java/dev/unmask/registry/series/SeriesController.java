package dev.unmask.registry.series;

import dev.unmask.registry.api.SeriesApi;
import dev.unmask.registry.api.SeriesApi.Axis;
import dev.unmask.registry.api.SeriesApi.SeriesAnswer;
import dev.unmask.registry.api.SeriesApi.SeriesRequest;
import dev.unmask.registry.series.Bucket.NonFinite;
import dev.unmask.registry.series.CurveService.Curve;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.FieldFault;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link SeriesApi}; its tests call it through that contract. */
@RestController
@RequestMapping("/api/v1/registry/series")
@RequiresRole(Role.VIEWER)
class SeriesController {
  private static final int RUNS = 100;
  private static final int KEYS = 20;
  private static final int POINTS = 10_000;
  private static final int USUAL_POINTS = 500;

  private final CurveService curves;

  SeriesController(CurveService curves) {
    this.curves = curves;
  }

  @PostMapping
  SeriesAnswer read(Caller caller, @RequestBody SeriesRequest request) {
    CurveQuery query = query(request);
    return new SeriesAnswer(
        curves.read(caller.teamId(), query).stream()
            .map(curve -> view(curve, query.axis()))
            .toList());
  }

  private static CurveQuery query(SeriesRequest request) {
    List<FieldFault> faults = new ArrayList<>();
    checkNames(faults, "runs", request.runs(), RUNS);
    checkNames(faults, "keys", request.keys(), KEYS);
    Integer given = request.points();
    int points = given == null ? USUAL_POINTS : given;
    if (points < 1 || points > POINTS) {
      faults.add(new FieldFault("points", "must be from 1 to " + POINTS + ", was " + points));
    }
    Long from = request.from();
    Long to = request.to();
    if (from != null && to != null && from > to) {
      faults.add(new FieldFault("to", "must not be below from, was " + to + " below " + from));
    }
    if (!faults.isEmpty()) {
      throw UnmaskException.ofFields(ErrorCode.INVALID_REQUEST, faults);
    }
    Axis axis = request.x();
    return new CurveQuery(
        request.runs(), request.keys(), axis == null ? Axis.STEP : axis, from, to, points);
  }

  // The annotations promise what a body may yet lack.
  private static void checkNames(
      List<FieldFault> faults, String field, @Nullable List<String> names, int most) {
    if (names == null || names.isEmpty() || names.size() > most) {
      int size = names == null ? 0 : names.size();
      faults.add(new FieldFault(field, "must hold from 1 to " + most + " names, held " + size));
      return;
    }
    for (String name : names) {
      if (name == null || name.isEmpty() || name.indexOf('\0') >= 0) {
        faults.add(new FieldFault(field, "must not hold an empty name or a NUL character"));
        return;
      }
    }
  }

  private static SeriesApi.Curve view(Curve curve, Axis axis) {
    List<Bucket> buckets = curve.buckets();
    long origin = axis == Axis.RELATIVE ? curve.series().runStart() : 0;
    NonFinite nonFinite =
        buckets.stream().map(Bucket::nonFinite).reduce(NonFinite.NONE, NonFinite::plus);
    boolean single = buckets.stream().allMatch(bucket -> bucket.points() == 1);
    return new SeriesApi.Curve(
        curve.series().runId(),
        curve.series().key(),
        buckets.stream().mapToLong(Bucket::points).sum(),
        view(nonFinite),
        single ? buckets.stream().map(bucket -> view(bucket.first(), axis, origin)).toList() : null,
        single ? null : buckets.stream().map(bucket -> view(bucket, axis, origin)).toList());
  }

  private static SeriesApi.Bucket view(Bucket bucket, Axis axis, long origin) {
    Point min = bucket.min();
    Point max = bucket.max();
    return new SeriesApi.Bucket(
        bucket.points(),
        view(bucket.first(), axis, origin),
        view(bucket.last(), axis, origin),
        min == null ? null : view(min, axis, origin),
        max == null ? null : view(max, axis, origin),
        view(bucket.nonFinite()));
  }

  private static SeriesApi.Point view(Point point, Axis axis, long origin) {
    return new SeriesApi.Point(
        axis == Axis.STEP ? point.step() : point.time() - origin, point.value());
  }

  private static SeriesApi.@Nullable NonFinite view(NonFinite counts) {
    return counts.isNone()
        ? null
        : new SeriesApi.NonFinite(counts.nans(), counts.infinities(), counts.minusInfinities());
  }
}
