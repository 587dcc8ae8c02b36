package dev.unmask.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestTokens;
import dev.unmask.training.api.CorporaApi;
import dev.unmask.training.api.CorpusView;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.JobsApi;
import dev.unmask.training.api.SubmitJob;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.HttpClientErrorException;

/** What callers see, above all of wrong input; no worker runs. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiIT {
  private static final String PAIR = "{\"prompt\": \"a\", \"answer\": \"b\"}";
  private static final String CONVERSATION =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"},"
          + " {\"role\": \"assistant\", \"content\": \"b\"}]}";
  private static final String CORPORA = "/api/v1/training/corpora";
  private static final String JOBS = "/api/v1/training/jobs";

  @TempDir static Path data;
  private final FakeRegistry registry = new FakeRegistry();
  private TrainingServer server;

  @BeforeAll
  void start() {
    server =
        new TrainingServer(
            PostgresExtension.freshDatabase(),
            registry,
            data,
            new FakeEngine(0),
            Map.of(
                "unmask.training.worker.enabled", "false",
                "unmask.training.job.queue-capacity", "2",
                "unmask.training.corpus.max-size", "10KB",
                "unmask.training.events.heartbeat", "100ms"));
  }

  @AfterAll
  void stop() {
    server.close();
    registry.close();
  }

  @BeforeEach
  void empty() {
    server.bean(JdbcClient.class).sql("delete from job").update();
    server.corpora().list().forEach(corpus -> server.corpora().delete(corpus.id()));
  }

  private HttpResponse<String> upload(String name, byte[] body) {
    return server.send("POST", CORPORA + "?name=" + name, "member", "text/plain", body);
  }

  private HttpResponse<String> submit(String json) {
    return server.send(
        "POST", JOBS, "member", "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(Files::isRegularFile).filter(f -> !f.endsWith("worker.id")).toList();
    }
  }

  @Test
  void keepsACorpusUntilItIsDeleted() throws IOException {
    CorpusView corpus = server.upload("words", "one\ftwo \f \fthree");

    assertThat(corpus.documents()).isEqualTo(3);
    assertThat(corpus.bytes()).isEqualTo(16);
    assertThat(server.corpora().get(corpus.id())).isEqualTo(corpus);
    assertThat(server.corpora().list()).containsExactly(corpus);
    assertThat(files()).hasSize(1);
    server.upload("same", "one\ftwo \f \fthree");
    assertThat(files()).hasSize(1);
    server.corpora().delete(corpus.id());
    assertThat(files()).hasSize(1);
    server.corpora().delete(server.corpora().list().getFirst().id());
    assertThat(files()).isEmpty();
  }

  @Test
  void refusesAnEmptyCorpus() throws IOException {
    HttpResponse<String> answer = upload("empty", " \n\f ".getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("CORPUS_EMPTY");
    assertThat(files()).isEmpty();
  }

  @Test
  void refusesABinaryCorpusByTheByteOffset() throws IOException {
    HttpResponse<String> answer = upload("binary", new byte[] {'a', 'b', 'c', (byte) 0xFF, 'd'});

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("CORPUS_NOT_TEXT").contains("byte 3");
    assertThat(files()).isEmpty();
    assertThat(server.corpora().list()).isEmpty();
  }

  @Test
  void keepsPromptsAndAnswersUnderBothMediaTypes() {
    CorpusView pairs = server.uploadAnswers("pairs", PAIR + "\n\n" + PAIR);
    HttpResponse<String> other = answers("application/x-ndjson", "chats", CONVERSATION);

    assertThat(pairs.kind()).isEqualTo("prompt-answer");
    assertThat(pairs.documents()).isEqualTo(2);
    assertThat(other.statusCode()).isEqualTo(201);
    assertThat(other.body()).contains("\"kind\":\"messages\"");
    assertThat(server.upload("words", PAIR).kind()).isEqualTo("text");
  }

  @Test
  void namesTheCorpusTheLineAndTheFieldOfABadExampleAndStoresNothing() throws IOException {
    HttpResponse<String> answer =
        answers("application/jsonl", "pairs", PAIR + "\n{\"prompt\": \"a\", \"answer\": 5}\n");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("CORPUS_LINE_INVALID", "corpus \\\"pairs\\\", line 2, field answer")
        .contains("must be a string", "nothing was stored", "\"line 2: answer\"");
    assertThat(files()).isEmpty();
    assertThat(server.corpora().list()).isEmpty();
  }

  @Test
  void refusesAPhaseThatDoesNotLearnWhatItsCorpusHolds() {
    server.upload("words", "one two");
    server.uploadAnswers("pairs", PAIR);
    server.uploadAnswers("chats", CONVERSATION);
    String tuning = "\"phases\": [{\"method\": \"llada\", \"data\": \"prompt-answer\"}]}";

    assertThat(submit("{\"corpus\": \"words\", " + tuning).body())
        .contains("SPEC_INVALID", "\"phases[0].data\"", "is text: leave it out");
    assertThat(submit("{\"corpus\": \"pairs\", \"phases\": [{\"method\": \"llada\"}]}").body())
        .contains("\"phases[0].data\"", "must be prompt-answer", "holds prompts and answers");
    assertThat(submit("{\"corpus\": \"pairs\", \"phases\": [{\"method\": \"radd\"}]}").body())
        .contains("cannot be prompt-answer for radd", "choose a method of [ar, smdm, llada");
    assertThat(submit("{\"corpus\": \"chats\", " + tuning).body())
        .contains("\"startFrom\"", "chat template of an earlier model");
    assertThat(server.jobs().list()).isEmpty();
    assertThat(submit("{\"corpus\": \"pairs\", " + tuning).statusCode()).isEqualTo(202);
  }

  private HttpResponse<String> answers(String type, String name, String lines) {
    return server.send(
        "POST", CORPORA + "?name=" + name, "member", type, lines.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void refusesACorpusThatIsTooLarge() throws IOException {
    HttpResponse<String> answer =
        upload("large", "x".repeat(10_241).getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("BODY_TOO_LARGE").contains("10240");
    assertThat(files()).isEmpty();
  }

  @Test
  void refusesACorpusWhoseTooLargeBodyHasNoAnnouncedLength() throws Exception {
    HttpRequest chunked =
        HttpRequest.newBuilder(URI.create(server.url() + CORPORA + "?name=large"))
            .header("Content-Type", "text/plain")
            .header("Authorization", "Bearer " + TestTokens.jwt("ada", "red", "member"))
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () ->
                        new java.io.ByteArrayInputStream(new byte[0]) {
                          private int left = 20_000;

                          @Override
                          public synchronized int read() {
                            return left-- > 0 ? 'x' : -1;
                          }

                          @Override
                          public synchronized int read(byte[] buffer, int from, int length) {
                            if (left <= 0) {
                              return -1;
                            }
                            buffer[from] = (byte) read();
                            return 1;
                          }
                        }))
            .build();

    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(chunked, HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(files()).isEmpty();
  }

  @Test
  void refusesANameThatIsTakenOrCouldBeAPath() {
    server.upload("words", "one");

    assertThat(upload("words", "two".getBytes(StandardCharsets.UTF_8)).statusCode()).isEqualTo(409);
    assertThat(upload("..%2Fwords", "two".getBytes(StandardCharsets.UTF_8)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void refusesACorpusOfAnotherMediaType() {
    HttpResponse<String> answer =
        server.send(
            "POST", CORPORA + "?name=zip", "member", "application/zip", new byte[] {1, 2, 3});

    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void keepsACorpusThatAQueuedJobNeeds() {
    CorpusView corpus = server.upload("words", "one");
    JobView job = server.submit(SubmitJob.of("words"));

    assertThatThrownBy(() -> server.corpora().delete(corpus.id()))
        .isInstanceOf(HttpClientErrorException.Conflict.class)
        .hasMessageContaining("CORPUS_IN_USE");
    server.jobs().stop(job.id());
    server.corpora().delete(corpus.id());
  }

  @Test
  void tellsAllFaultsOfASpecAtOnce() {
    server.upload("words", "one");
    HttpResponse<String> answer =
        submit(
            """
            {"corpus": "words", "batch": 3, "batchSize": 0,
             "model": {"width": 100, "heads": 3, "depth": 2}, "optimizer": {"ema": 1}}""");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("SPEC_INVALID", "\"batch\"", "\"batchSize\"", "\"model.width\"")
        .contains("\"model.depth\"", "\"optimizer.ema\"", "is not a known field");
    assertThat(server.jobs().list()).isEmpty();
  }

  @Test
  void refusesAnUnknownCorpus() {
    HttpResponse<String> answer = submit("{\"corpus\": \"nowhere\"}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("CORPUS_NOT_FOUND").contains("nowhere").contains("upload");
  }

  @Test
  void refusesABodyThatIsNoJson() {
    assertThat(submit("{corpus").statusCode()).isEqualTo(400);
    assertThat(submit("[]").body()).contains("SPEC_INVALID");
  }

  @Test
  void answersAFullQueueWithThePauseToMake() {
    server.upload("words", "one");
    submit("{\"corpus\": \"words\"}");
    submit("{\"corpus\": \"words\"}");

    HttpResponse<String> answer = submit("{\"corpus\": \"words\"}");

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).contains("QUEUE_FULL");
    assertThat(answer.headers().firstValue("Retry-After")).contains("60");
    assertThat(server.jobs().queue().queued()).isEqualTo(2);
    assertThat(server.jobs().list()).hasSize(2);
  }

  @Test
  void showsTheSpecWithItsDefaults() {
    server.upload("words", "one");

    JobView job = server.submit(SubmitJob.of("words"));

    assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
    assertThat(job.name()).isEqualTo("words");
    assertThat(job.spec().minutes()).isEqualTo(5);
    assertThat(job.spec().phases()).hasSize(2);
    assertThat(server.jobs().get(job.id())).isEqualTo(job);
  }

  @Test
  void refusesToResumeWhatIsQueuedAndToStopWhatHasEnded() {
    server.upload("words", "one");
    JobView job = server.submit(SubmitJob.of("words"));

    assertThatThrownBy(() -> server.jobs().resume(job.id()))
        .isInstanceOf(HttpClientErrorException.Conflict.class)
        .hasMessageContaining("TRAINING_JOB_STATE");
    server.jobs().stop(job.id());
    assertThatThrownBy(() -> server.jobs().stop(job.id()))
        .isInstanceOf(HttpClientErrorException.Conflict.class);
  }

  @Test
  void hidesOneTeamsThingsFromAnother() {
    CorpusView corpus = server.upload("words", "one");
    JobView job = server.submit(SubmitJob.of("words"));
    CorporaApi corpora = server.client(CorporaApi.class, "blue", "admin");
    JobsApi jobs = server.client(JobsApi.class, "blue", "admin");

    assertThat(corpora.list()).isEmpty();
    assertThat(jobs.list()).isEmpty();
    assertThatThrownBy(() -> corpora.get(corpus.id()))
        .isInstanceOf(HttpClientErrorException.NotFound.class);
    assertThatThrownBy(() -> corpora.delete(corpus.id()))
        .isInstanceOf(HttpClientErrorException.NotFound.class);
    assertThatThrownBy(() -> jobs.stop(job.id()))
        .isInstanceOf(HttpClientErrorException.NotFound.class);
    assertThatThrownBy(() -> jobs.submit(SubmitJob.of(corpus.id())))
        .isInstanceOf(HttpClientErrorException.NotFound.class);
  }

  @Test
  void letsViewersReadAndNothingElse() {
    server.upload("words", "one");
    JobView job = server.submit(SubmitJob.of("words"));
    JobsApi viewer = server.client(JobsApi.class, "red", "viewer");

    assertThat(viewer.get(job.id())).isEqualTo(job);
    assertThatThrownBy(() -> viewer.stop(job.id()))
        .isInstanceOf(HttpClientErrorException.Forbidden.class);
    assertThat(server.send("GET", JOBS, "", "text/plain", new byte[0]).statusCode()).isEqualTo(401);
    assertThat(
            server
                .send("POST", CORPORA + "?name=x", "viewer", "text/plain", new byte[] {65})
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void streamsTheCurrentStateThenChangesAndEndsWithTheJob() throws Exception {
    server.upload("words", "one");
    JobView job = server.submit(SubmitJob.of("words"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + JOBS + "/" + job.id() + "/events"))
            .header("Authorization", "Bearer " + TestTokens.jwt("ada", "red", "viewer"))
            .build();

    HttpResponse<Stream<String>> events =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
    List<String> lines =
        events
            .body()
            .peek(
                line -> {
                  // The first heartbeat: the stream lives, now something may happen.
                  if (line.startsWith(":")
                      && server.jobs().get(job.id()).status() == JobStatus.QUEUED) {
                    server.jobs().stop(job.id());
                  }
                })
            .toList();

    assertThat(events.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    assertThat(lines).contains("event:progress");
    assertThat(lines).anyMatch(line -> line.startsWith("data:") && line.contains("QUEUED"));
    assertThat(lines.stream().filter(line -> line.startsWith("data:")).toList().getLast())
        .contains("STOPPED");
  }

  @Test
  void tellsAnUnknownJobOfAStreamAsAProblem() {
    HttpResponse<String> answer =
        server.send("GET", JOBS + "/41/events", "viewer", "text/plain", new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("TRAINING_JOB_NOT_FOUND");
  }

  @Test
  void showsItsHealthAndItsMeters() {
    assertThat(
            server.send("GET", "/actuator/health/readiness", "", "text/plain", new byte[0]).body())
        .contains("UP");
    assertThat(server.send("GET", "/actuator/prometheus", "", "text/plain", new byte[0]).body())
        .contains("unmask_training_queue", "unmask_training_step", "unmask_training_tokens");
  }
}
