package dev.unmask.registry.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.series.BucketTable.Placed;
import dev.unmask.registry.series.RandomPoints.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Curves say what the points say, whatever was logged when, and whatever is summarised already. */
class SeriesIT {
  private static final int ROUNDS = 6;

  private final SeriesFixture series = new SeriesFixture();

  /** Each round logs, then reads before, in the middle of and after the next summary. */
  @ParameterizedTest
  @CsvSource({
    "1, PLAIN, 700",
    "2, PLAIN, 4000",
    "3, ONE_STEP, 700",
    "4, ONE_STEP, 3000",
    "5, RESUMED, 700",
    "6, RESUMED, 3000",
    "7, WILD, 700",
    "8, WILD, 3000",
    "9, PLAIN, 40"
  })
  void tellsWhatAllPointsOfEachBucketTell(long seed, Kind kind, int count) {
    Random random = new Random(seed);
    RandomPoints points = new RandomPoints(seed, kind);
    TreeSet<Point> logged = new TreeSet<>();
    String run = series.created("{\"start_time\": 900}");

    for (int round = 0; round < ROUNDS; round++) {
      List<Point> next = points.next(round * count, count);
      series.log(run, "m", next);
      logged.addAll(next);
      checkZooms(random, run, logged);
      long id = series.id(run, "m");
      if (random.nextInt(3) > 0) {
        series.summaries.summarise(id);
        checkZooms(random, run, logged);
      }
      if (round == ROUNDS - 1) {
        series.summariseAll();
        assertThat(series.isCurrent(id)).isTrue();
        checkZooms(random, run, logged);
        checkStored(id, List.copyOf(logged));
      }
    }
  }

  private void checkZooms(Random random, String run, TreeSet<Point> logged) {
    long first = logged.first().step();
    long steps = logged.last().step() - first + 1;
    check(run, logged, "step", null, null, 1);
    check(run, logged, "step", null, null, 320);
    check(run, logged, "time", null, null, 50);
    for (int i = 0; i < 4; i++) {
      long from = first + random.nextLong(steps);
      long to = from + random.nextLong(steps);
      check(run, logged, "step", from, to, 1 + random.nextInt(100));
      long early = random.nextLong(1_000L + 10L * logged.size());
      long late = early + random.nextLong(10L * logged.size());
      check(run, logged, "time", early, late, 1 + random.nextInt(100));
      check(run, logged, "relative", early - 900, late - 900, 1 + random.nextInt(100));
    }
  }

  private void check(
      String run,
      TreeSet<Point> logged,
      String axis,
      @Nullable Long from,
      @Nullable Long to,
      int most) {
    boolean byStep = axis.equals("step");
    long origin = axis.equals("relative") ? 900 : 0;
    List<Point> points =
        logged.stream()
            .filter(p -> from == null || (byStep ? p.step() : p.time() - origin) >= from)
            .filter(p -> to == null || (byStep ? p.step() : p.time() - origin) <= to)
            .sorted(
                byStep
                    ? Comparator.naturalOrder()
                    : Comparator.comparingLong(Point::time).thenComparing(p -> p))
            .toList();

    JsonNode curve = read(run, axis, from, to, most).at("/series/0");

    assertThat(curve.get("count").longValue()).isEqualTo(points.size());
    if (points.size() <= most) {
      assertThat(curve.get("points")).hasSize(points.size());
    }
    if (curve.has("points")) {
      for (int i = 0; i < points.size(); i++) {
        same(curve.at("/points/" + i), points.get(i), byStep, origin);
      }
      return;
    }
    assertThat(curve.get("buckets").size()).isLessThanOrEqualTo(most);
    int start = 0;
    for (JsonNode bucket : curve.get("buckets")) {
      int end = start + bucket.get("count").intValue();
      Bucket expected = Naive.bucket(points.subList(start, end));
      same(bucket.get("first"), expected.first(), byStep, origin);
      same(bucket.get("last"), expected.last(), byStep, origin);
      same(bucket.path("min"), expected.min(), byStep, origin);
      same(bucket.path("max"), expected.max(), byStep, origin);
      assertThat(bucket.at("/nonFinite/nan").asLong(0)).isEqualTo(expected.nonFinite().nans());
      assertThat(bucket.at("/nonFinite/infinity").asLong(0))
          .isEqualTo(expected.nonFinite().infinities());
      assertThat(bucket.at("/nonFinite/minusInfinity").asLong(0))
          .isEqualTo(expected.nonFinite().minusInfinities());
      start = end;
    }
    assertThat(start).isEqualTo(points.size());
  }

  private static void same(JsonNode told, @Nullable Point point, boolean byStep, long origin) {
    if (point == null) {
      assertThat(told.isMissingNode()).isTrue();
      return;
    }
    assertThat(told.get(0).longValue()).isEqualTo(byStep ? point.step() : point.time() - origin);
    JsonNode value = told.get(1);
    double number =
        value.isString() ? Double.parseDouble(value.stringValue()) : value.doubleValue();
    // As objects, so that NaN is itself and the zeros are not each other.
    assertThat(number).isEqualTo(Double.valueOf(point.value()));
  }

  private void checkStored(long id, List<Point> points) {
    List<Placed> expected = new ArrayList<>();
    if (points.size() >= SummaryService.SHORT) {
      for (int level = 0; level <= Level.TOP; level++) {
        int size = Level.below(level, Level.BASE);
        for (int i = 0; i * size < points.size(); i++) {
          List<Point> own = points.subList(i * size, Math.min(points.size(), (i + 1) * size));
          expected.add(new Placed(level, i, Naive.bucket(own)));
        }
      }
    }
    assertThat(series.stored(id)).isEqualTo(expected);
  }

  @Test
  void summarisesALongSeriesPieceByPieceAndStaysRightMeanwhile() {
    Random random = new Random(1);
    String run = series.created("{\"start_time\": 900}");
    long id = series.fill(run, "m", 70_000);
    TreeSet<Point> points = new TreeSet<>();
    for (int i = 0; i < 70_000; i++) {
      points.add(new Point(i, 10L * i, SeriesFixture.filled(i)));
    }

    assertThat(series.summaries.summarise(id)).isTrue();

    assertThat(series.stored(id)).isNotEmpty();
    checkExtremes(run, points);
    series.summariseAll();
    checkExtremes(run, points);
    checkZooms(random, run, points);
    // Late by its step, and then two whose times are not where their steps are.
    for (Point late :
        List.of(
            new Point(5, 50, -9), new Point(20_000, 690_000, 99_999), new Point(60_000, 7, 8))) {
      series.log(run, "m", List.of(late));
      points.add(late);
      checkExtremes(run, points);
      series.summaries.summarise(id);
      checkExtremes(run, points);
      series.summariseAll();
      checkExtremes(run, points);
      checkZooms(random, run, points);
    }
    assertThat(series.isCurrent(id)).isTrue();
    assertThat(series.stored(id)).filteredOn(placed -> placed.level() == Level.TOP).hasSize(5);
  }

  private void checkExtremes(String run, TreeSet<Point> points) {
    double min = points.stream().mapToDouble(Point::value).min().orElseThrow();
    double max = points.stream().mapToDouble(Point::value).max().orElseThrow();
    JsonNode buckets = read(run, "step", null, null, 320).at("/series/0/buckets");
    assertThat(buckets).hasSizeBetween(200, 320);
    double least = Double.MAX_VALUE;
    double greatest = -Double.MAX_VALUE;
    long count = 0;
    for (JsonNode bucket : buckets) {
      least = Math.min(least, bucket.at("/min/1").doubleValue());
      greatest = Math.max(greatest, bucket.at("/max/1").doubleValue());
      count += bucket.get("count").longValue();
    }
    assertThat(count).isEqualTo(points.size());
    assertThat(least).isEqualTo(min);
    assertThat(greatest).isEqualTo(max);
  }

  @Test
  void comparesAHundredRunsInOneAnswer() {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String run = series.newRun();
      series.fill(run, "m", 3_000 + i);
      runs.add(run);
    }
    series.summariseAll();

    Answer answer =
        series.team.send(
            "POST",
            "/api/v1/registry/series",
            "{\"runs\": [\"%s\"], \"keys\": [\"m\", \"none\"], \"points\": 100}"
                .formatted(String.join("\", \"", runs)));

    JsonNode curves = answer.json().get("series");
    assertThat(curves).hasSize(100);
    for (int i = 0; i < 100; i++) {
      assertThat(curves.get(i).get("runId").stringValue()).isEqualTo(runs.get(i));
      assertThat(curves.get(i).get("count").longValue()).isEqualTo(3_000 + i);
      assertThat(curves.get(i).get("buckets").size()).isBetween(25, 100);
    }
  }

  @Test
  void leavesOutWhatARunNeverLoggedAndKeepsTheOrderOfTheRequest() {
    String one = series.newRun();
    String two = series.newRun();
    series.log(one, "a", List.of(new Point(1, 1, 1)));
    series.log(two, "a", List.of(new Point(1, 1, Double.NaN)));
    series.log(two, "b", List.of(new Point(1, 1, 3)));

    JsonNode curves =
        post("{\"runs\": [\"%s\", \"%s\"], \"keys\": [\"b\", \"a\"]}".formatted(two, one))
            .json()
            .get("series");

    assertThat(curves)
        .extracting(c -> c.get("runId").stringValue(), c -> c.get("key").stringValue())
        .containsExactly(tuple(two, "b"), tuple(two, "a"), tuple(one, "a"));
    assertThat(curves.get(1).toString())
        .contains("\"nonFinite\":{\"nan\":1,\"infinity\":0,\"minusInfinity\":0}")
        .contains("\"points\":[[1,\"NaN\"]]");
  }

  @Test
  void knowsNoRunsOfOtherTeams() {
    String own = series.newRun();
    String others = new SeriesFixture().newRun();

    for (String foreign : List.of(others, "0000")) {
      Answer answer =
          post("{\"runs\": [\"%s\", \"%s\"], \"keys\": [\"m\"]}".formatted(own, foreign));
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.json().get("code").stringValue()).isEqualTo("RUN_NOT_FOUND");
      assertThat(answer.json().get("detail").stringValue())
          .isEqualTo("Run with id=" + foreign + " not found");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | runs",
        "{\"runs\": [], \"keys\": [\"m\"]} | runs",
        "{\"runs\": [null], \"keys\": [\"m\"]} | runs",
        "{\"runs\": [\"a\"]} | keys",
        "{\"runs\": [\"a\"], \"keys\": [\"\"]} | keys",
        "{\"runs\": [\"a\"], \"keys\": [\"m\"], \"points\": 0} | points",
        "{\"runs\": [\"a\"], \"keys\": [\"m\"], \"points\": 10001} | points",
        "{\"runs\": [\"a\"], \"keys\": [\"m\"], \"from\": 2, \"to\": 1} | to",
        "{\"runs\": [\"a\"], \"keys\": [\"m\"], \"x\": \"epoch\"} | x",
        "{\"runs\": [\"a\"], \"keys\": [\"m\"], \"log\": true} | log",
      })
  void namesTheFieldThatIsWrong(String request, String field) {
    Answer answer = post(request.strip());

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").stringValue()).isEqualTo(field.strip());
  }

  @Test
  void refusesMoreThanAHundredRuns() {
    String runs = "\"a\", ".repeat(100) + "\"a\"";

    Answer answer = post("{\"runs\": [" + runs + "], \"keys\": [\"m\"]}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("detail").stringValue())
        .isEqualTo("runs must hold from 1 to 100 names, held 101");
  }

  private JsonNode read(String run, String axis, @Nullable Long from, @Nullable Long to, int most) {
    Answer answer =
        post(
            "{\"runs\": [\"%s\"], \"keys\": [\"m\"], \"x\": \"%s\", \"from\": %s, \"to\": %s, \"points\": %d}"
                .formatted(run, axis, from, to, most));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }

  private Answer post(String request) {
    return series.team.send("POST", "/api/v1/registry/series", request);
  }
}
