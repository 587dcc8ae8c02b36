package dev.unmask.benchmarks;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A process that trains one cell after the other: PyTorch's number of threads is that of a process,
 * and two processes of one thread train small networks faster than one process of two. Takes a line
 * of JSON a task and answers with one; ends, in the middle of a task too, when its input does,
 * which is also when the process that started it is gone.
 */
public final class TrainingWorker {
  private static final Gson GSON = new GsonBuilder().serializeSpecialFloatingPointValues().create();

  private TrainingWorker() {}

  /**
   * @param text file to train on
   * @param model directory to write the trained model to; null to leave it
   */
  record Task(TrainingCell cell, String text, @Nullable String model) {
    String json() {
      return GSON.toJson(this);
    }
  }

  /**
   * @param result null if it failed
   * @param failure null if it did not
   */
  record Answer(@Nullable CellResult result, @Nullable String failure) {
    static Answer parse(String json) {
      return GSON.fromJson(json, Answer.class);
    }
  }

  /** Answers the tasks on standard input. */
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream answers = System.out;
    System.setOut(System.err); // nothing that a library prints may be taken for an answer
    LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().name("tasks").start(() -> readInto(tasks));
    while (true) {
      answers.println(GSON.toJson(answer(tasks.take())));
      answers.flush();
    }
  }

  private static void readInto(LinkedBlockingQueue<Task> tasks) {
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        tasks.add(GSON.fromJson(line, Task.class));
      }
    } catch (IOException e) {
      System.err.println("training worker: " + e.getMessage());
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private static Answer answer(Task task) {
    try {
      Path model = task.model() == null ? null : Path.of(task.model());
      return new Answer(
          CharacterTraining.train(task.cell(), CharacterText.of(Path.of(task.text())), model),
          null);
    } catch (RuntimeException e) {
      return new Answer(null, e.toString());
    }
  }
}
