package dev.unmask.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A {@link TrainingWorker} of one thread, by this process's Java, options and class path. */
final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private final BufferedWriter tasks;
  private final BufferedReader answers;

  private WorkerProcess(Process process) {
    this.process = process;
    this.tasks =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static WorkerProcess start() {
    ProcessBuilder builder = ChildProcess.of(TrainingWorker.class, List.of());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("MKL_NUM_THREADS", "1");
    try {
      return new WorkerProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the cell is trained.
   *
   * @throws IllegalStateException if it failed or the process is gone
   */
  CellResult train(TrainingWorker.Task task) {
    TrainingWorker.Answer answer = TrainingWorker.Answer.parse(ask(task));
    CellResult result = answer.result();
    if (result == null) {
      throw new IllegalStateException(
          "training failed: " + task.cell().description() + ": " + answer.failure());
    }
    return result;
  }

  private String ask(TrainingWorker.Task task) {
    try {
      tasks.write(task.json());
      tasks.newLine();
      tasks.flush();
      String answer = answers.readLine();
      if (answer != null) {
        return answer;
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "the process that trained " + task.cell().description() + " is gone", e);
    }
    throw new IllegalStateException(
        "the process that trained " + task.cell().description() + " is gone");
  }

  @Override
  public void close() {
    process.destroy();
  }
}
