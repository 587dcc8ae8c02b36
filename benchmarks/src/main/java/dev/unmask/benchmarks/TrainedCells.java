package dev.unmask.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the cells of an experiment, as many at once as there are cores, each in a process of one
 * thread, the longest first; those that a {@link FinishedRuns} file knows are not trained again.
 */
final class TrainedCells {
  private static final Logger log = LoggerFactory.getLogger(TrainedCells.class);

  private final Path text;
  private final Path work;
  private final FinishedRuns finished;
  private final int processes;

  /**
   * @param work directory of what is kept
   * @param name of the experiment
   */
  TrainedCells(Path text, Path work, String name, int processes) {
    this.text = text;
    this.work = work;
    this.finished = FinishedRuns.in(work.resolve(name + ".jsonl"));
    this.processes = processes;
  }

  int processes() {
    return processes;
  }

  /**
   * What a cell came to.
   *
   * @throws IllegalStateException if it was not trained
   */
  CellResult of(TrainingCell cell) {
    return finished
        .get(cell)
        .orElseThrow(() -> new IllegalStateException("not trained: " + cell.description()));
  }

  /** Where the model of a cell is, if it was asked for. */
  Path model(TrainingCell cell) {
    return work.resolve("models").resolve(cell.digest());
  }

  /** Seconds of all cells, those of earlier calls included. */
  double seconds(List<TrainingCell> cells) {
    return cells.stream().distinct().mapToDouble(cell -> of(cell).seconds()).sum();
  }

  /**
   * Trains what is not there yet.
   *
   * @param kept cells whose models are written, too
   * @throws IllegalStateException if one failed; what the others came to is kept
   */
  void train(List<TrainingCell> cells, Set<TrainingCell> kept) {
    List<TrainingCell> open = new ArrayList<>();
    for (TrainingCell cell : longestFirst(cells)) {
      if (finished.get(cell).isEmpty() || (kept.contains(cell) && !hasModel(cell))) {
        open.add(cell);
      }
    }
    int workers = Math.min(processes, open.size());
    if (workers == 0) {
      return;
    }
    Progress progress = new Progress(open);
    ConcurrentLinkedQueue<TrainingCell> queue = new ConcurrentLinkedQueue<>(open);
    try (ExecutorService executor = Executors.newFixedThreadPool(workers)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        running.add(executor.submit(() -> work(queue, kept, progress)));
      }
      running.forEach(TrainedCells::join);
    }
  }

  private boolean hasModel(TrainingCell cell) {
    return Files.exists(model(cell).resolve("config.json"));
  }

  /** Each cell once; a long one that began last would keep the other cores waiting. */
  static List<TrainingCell> longestFirst(List<TrainingCell> cells) {
    return new LinkedHashSet<>(cells)
        .stream().sorted(Comparator.comparingDouble(TrainingCell::weight).reversed()).toList();
  }

  private void work(
      ConcurrentLinkedQueue<TrainingCell> queue, Set<TrainingCell> kept, Progress progress) {
    try (WorkerProcess worker = WorkerProcess.start()) {
      for (TrainingCell cell = queue.poll(); cell != null; cell = queue.poll()) {
        Optional<Path> model = kept.contains(cell) ? Optional.of(model(cell)) : Optional.empty();
        CellResult result =
            worker.train(
                new TrainingWorker.Task(
                    cell, text.toString(), model.map(Path::toString).orElse(null)));
        synchronized (this) {
          finished.keep(cell, result);
          log.info("{}", progress.after(cell, result));
        }
      }
    } catch (RuntimeException e) {
      queue.clear(); // the others end with the cell that they are at
      throw e;
    }
  }

  private static void join(Future<?> task) {
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cells were trained", e);
    }
  }

  /** How far a sweep has come. */
  static final class Progress {
    private final long start = System.nanoTime();
    private final double all;
    private final int cells;
    private double done;
    private int ended;

    Progress(List<TrainingCell> cells) {
      this.all = cells.stream().mapToDouble(TrainingCell::weight).sum();
      this.cells = cells.size();
    }

    String after(TrainingCell cell, CellResult result) {
      done += cell.weight();
      ended++;
      double minutes =
          (double) (System.nanoTime() - start) / TimeUnit.MINUTES.toNanos(1) * (all - done) / done;
      return "%d of %d: %s: %.4f nats after %.0f s, %.1f ms a step; about %.0f minutes left"
          .formatted(
              ended,
              cells,
              cell.description(),
              result.nats(),
              result.seconds(),
              result.millisPerStep(),
              minutes);
    }
  }
}
