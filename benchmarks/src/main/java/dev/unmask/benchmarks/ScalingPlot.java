package dev.unmask.benchmarks;

import dev.unmask.lm.evaluation.ScalingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Loss against compute, both on logarithmic axes, with the laws: an SVG of its own. */
record ScalingPlot(List<ScalingLaw> laws) {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 440;
  private static final int MARGIN = 60;
  private static final List<String> COLOURS = List.of("#1f5fa8", "#c2410c", "#15803d", "#7e22ce");
  private static final double[] MARKED_LOSSES = {1.4, 1.6, 1.8, 2, 2.25, 2.5, 2.75, 3, 3.5, 4, 5};

  void write(Path file) {
    try {
      Files.writeString(file, svg());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">",
        WIDTH,
        HEIGHT);
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    axes(svg);
    for (int i = 0; i < laws.size(); i++) {
      draw(svg, laws.get(i), COLOURS.get(i % COLOURS.size()), i);
    }
    return svg.append("</svg>\n").toString();
  }

  private void axes(StringBuilder svg) {
    int first = (int) Math.ceil(Math.log10(least(ScalingRun::compute)));
    int last = (int) Math.floor(Math.log10(most(ScalingRun::compute)));
    for (int power = first; power <= last; power++) {
      double x = x(Math.pow(10, power));
      rule(svg, x, MARGIN, x, HEIGHT - MARGIN);
      text(svg, x, HEIGHT - MARGIN + 18, "middle", "1e" + power);
    }
    for (double loss : MARKED_LOSSES) {
      if (loss >= least(ScalingRun::loss) && loss <= most(ScalingRun::loss)) {
        rule(svg, MARGIN, y(loss), WIDTH - MARGIN, y(loss));
        text(svg, MARGIN - 8, y(loss) + 4, "end", String.format(Locale.ROOT, "%.2f", loss));
      }
    }
    text(svg, WIDTH / 2.0, HEIGHT - 16, "middle", "training compute, 6 N D operations");
    text(svg, MARGIN, MARGIN - 20, "start", "validation loss, nats a character");
  }

  private void draw(StringBuilder svg, ScalingLaw law, String colour, int index) {
    for (ScalingRun run : law.runs()) {
      line(
          svg,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\" fill-opacity=\"%s\"/>",
          x(run.compute()),
          y(run.loss()),
          law.frontier().contains(run) ? 5 : 3,
          colour,
          law.frontier().contains(run) ? "0.9" : "0.4");
    }
    double from = least(ScalingRun::compute);
    double to = most(ScalingRun::compute);
    line(
        svg,
        "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\" stroke-width=\"1.5\" fill=\"none\"/>",
        x(from),
        y(law.law().at(from)),
        x(to),
        y(law.law().at(to)),
        colour);
    line(
        svg,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s</text>",
        WIDTH - MARGIN,
        MARGIN + 16 * index,
        colour,
        String.format(
            Locale.ROOT, "%s: loss falls as compute^%.3f", law.method(), law.law().alpha()));
  }

  private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
    line(svg, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#ddd\" fill=\"none\"/>", x1, y1, x2, y2);
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    line(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private double x(double compute) {
    return MARGIN
        + (WIDTH - 2 * MARGIN)
            * share(compute, least(ScalingRun::compute), most(ScalingRun::compute));
  }

  private double y(double loss) {
    return HEIGHT
        - MARGIN
        - (HEIGHT - 2 * MARGIN) * share(loss, least(ScalingRun::loss), most(ScalingRun::loss));
  }

  private static double share(double value, double low, double high) {
    return Math.log(value / low) / Math.log(high / low);
  }

  private double least(ToDoubleFunction<ScalingRun> value) {
    return values(value).min().orElseThrow();
  }

  private double most(ToDoubleFunction<ScalingRun> value) {
    return values(value).max().orElseThrow();
  }

  private DoubleStream values(ToDoubleFunction<ScalingRun> value) {
    return laws.stream().flatMap(law -> law.runs().stream()).mapToDouble(value);
  }
}
