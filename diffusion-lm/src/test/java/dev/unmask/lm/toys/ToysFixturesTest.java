package dev.unmask.lm.toys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Everything that can be enumerated over a handful of sequences, against reference tables. */
@ReproducesKinds("toys/joint")
class ToysFixturesTest {
  @TestFactory
  Stream<DynamicTest> enumeratesTheReferenceTables() {
    return FixtureCase.ofKinds("toys", "toys/joint")
        .flatMap(
            fixture ->
                Stream.of(
                    dynamicTest(fixture.name() + " tables", () -> tables(fixture)),
                    dynamicTest(fixture.name() + " likelihoods", () -> likelihoods(fixture)),
                    dynamicTest(fixture.name() + " samplers", () -> samplers(fixture)),
                    dynamicTest(fixture.name() + " greedy", () -> greedy(fixture)),
                    dynamicTest(fixture.name() + " uniform noise", () -> uniform(fixture))));
  }

  private static void tables(FixtureCase fixture) {
    try (Toy toy = Toy.of(fixture)) {
      toy.expectIds("sequences", TabularNetwork.all(toy.vocabulary, toy.length));
      int[][] states = TabularNetwork.all(toy.vocabulary + 1, toy.length);
      toy.expectIds("masked_states", states);
      toy.expect("state_marginal", Arrays.stream(states).mapToDouble(toy.joint::marginal));
      toy.expect(
          "exact_conditionals",
          Arrays.stream(states)
              .flatMap(state -> Arrays.stream(toy.joint.conditionals(state)))
              .flatMapToDouble(Arrays::stream));
    }
  }

  private static void likelihoods(FixtureCase fixture) {
    try (Toy toy = Toy.of(fixture)) {
      ExactLikelihood exact = new ExactLikelihood(toy.joint);
      ExactLikelihood network = new ExactLikelihood(toy.network);
      int[] order = IntStream.range(0, toy.length).toArray();
      int[] backward = IntStream.of(order).map(i -> toy.length - 1 - i).toArray();
      toy.expectEach("nll", s -> -Math.log(toy.joint.marginal(s)));
      toy.expectEach("exact.ao_nll", exact::anyOrder);
      toy.expectEach("network.ao_nll", network::anyOrder);
      toy.expectEach(
          "network.k_dce", s -> network.expected(s, ExactLikelihood.anyOrderWeight(toy.length)));
      toy.expectEach("network.left_to_right_nll", s -> network.inOrder(s, order));
      toy.expectEach("network.right_to_left_nll", s -> network.inOrder(s, backward));
      toy.namesAfter("network.block_bound_D")
          .forEach(
              name ->
                  toy.expectEach(
                      "network.block_bound_D" + name,
                      s -> network.blocks(s, Integer.parseInt(name))));
      double entropy = Arrays.stream(toy.joint.probabilities()).map(p -> -p * Math.log(p)).sum();
      assertThat(entropy).isCloseTo(fixture.params().get("entropy").getAsDouble(), within(1e-9));
    }
  }

  private static void samplers(FixtureCase fixture) {
    try (Toy toy = Toy.of(fixture)) {
      ExactSampling exact = new ExactSampling(toy.joint);
      ExactSampling network = new ExactSampling(toy.network);
      for (String steps : toy.namesAfter("exact.sampler_")) {
        int n = Integer.parseInt(steps);
        toy.expect("exact.sampler_" + steps, DoubleStream.of(exact.steps(n)));
        toy.expect("network.sampler_" + steps, DoubleStream.of(network.steps(n)));
      }
      toy.expect("network.ao_sampling_distribution", DoubleStream.of(network.oneAtATime()));
    }
  }

  private static void greedy(FixtureCase fixture) {
    try (Toy toy = Toy.of(fixture)) {
      for (String tokens : toy.namesAfter("exact.greedy_top")) {
        int perStep = Integer.parseInt(tokens);
        toy.expectIds("exact.greedy_top" + tokens, decoded(toy.joint, perStep));
        toy.expectIds("network.greedy_top" + tokens, decoded(toy.network, perStep));
      }
    }
  }

  /** The canvas before the first step and after every step. */
  private static int[][] decoded(TabularNetwork network, int tokensPerStep) {
    int[] canvas = new int[network.length()];
    Arrays.fill(canvas, network.vocabulary());
    Stream.Builder<int[]> canvases = Stream.builder();
    canvases.add(canvas.clone());
    BitSet masked = new BitSet();
    masked.set(0, canvas.length);
    while (!masked.isEmpty()) {
      Candidates candidates = mostProbable(network.conditionals(canvas));
      BitSet chosen = new FixedTokensPerStep(tokensPerStep).select(candidates, masked);
      chosen.stream().forEach(i -> canvas[i] = candidates.tokens()[i]);
      masked.andNot(chosen);
      canvases.add(canvas.clone());
    }
    return canvases.build().toArray(int[][]::new);
  }

  private static Candidates mostProbable(double[][] p) {
    int[] tokens = new int[p.length];
    double[] confidence = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      for (int v = 0; v < p[i].length; v++) {
        if (p[i][v] > confidence[i]) {
          tokens[i] = v;
          confidence[i] = p[i][v];
        }
      }
    }
    return new Candidates(tokens, confidence, new double[p.length], new double[p.length]);
  }

  private static void uniform(FixtureCase fixture) {
    try (Toy toy = Toy.of(fixture)) {
      for (String name : toy.namesAfter("uniform.t")) {
        if (name.endsWith(".marginal")) {
          String time = name.substring(0, name.length() - ".marginal".length());
          double total = new NoiseSchedule.LogLinear().totalNoise(Double.parseDouble(time));
          UniformNoise noise = new UniformNoise(toy.joint);
          toy.expect("uniform.t" + name, DoubleStream.of(noise.marginal(total)));
          toy.expect("uniform.t" + time + ".score", ratios(toy, noise, total));
        }
      }
    }
  }

  private static DoubleStream ratios(Toy toy, UniformNoise noise, double totalNoise) {
    return Arrays.stream(TabularNetwork.all(toy.vocabulary, toy.length))
        .flatMap(sequence -> Arrays.stream(noise.ratios(sequence, totalNoise)))
        .flatMapToDouble(Arrays::stream);
  }

  private record Toy(
      FixtureCase fixture,
      Safetensors expected,
      int length,
      int vocabulary,
      TabularJoint joint,
      TabularNetwork network)
      implements AutoCloseable {
    static Toy of(FixtureCase fixture) {
      Safetensors expected = fixture.expected();
      int length = fixture.params().get("L").getAsInt();
      int vocabulary = fixture.params().get("V").getAsInt();
      return new Toy(
          fixture,
          expected,
          length,
          vocabulary,
          new TabularJoint(expected.doubles("joint"), length, vocabulary),
          TabularNetwork.ofTable(expected.doubles("network_conditionals"), length, vocabulary));
    }

    List<String> namesAfter(String prefix) {
      List<String> names =
          expected.tensors().keySet().stream()
              .filter(name -> name.startsWith(prefix))
              .map(name -> name.substring(prefix.length()))
              .sorted()
              .toList();
      assertThat(names).as(prefix).isNotEmpty();
      return names;
    }

    void expectEach(String name, ToDoubleFunction<int[]> ofSequence) {
      expect(name, Arrays.stream(TabularNetwork.all(vocabulary, length)).mapToDouble(ofSequence));
    }

    void expect(String name, DoubleStream actual) {
      assertThat(actual.toArray())
          .as(name)
          .containsExactly(expected.doubles(name), within(fixture.tolerance("abs")));
    }

    void expectIds(String name, int[][] actual) {
      long[] flat = Arrays.stream(actual).flatMapToInt(Arrays::stream).asLongStream().toArray();
      assertThat(flat).as(name).isEqualTo(expected.longs(name));
    }

    @Override
    public void close() {
      expected.close();
    }
  }
}
