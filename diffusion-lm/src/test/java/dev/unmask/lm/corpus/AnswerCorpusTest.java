package dev.unmask.lm.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.unmask.lm.corpus.Example.Conversation;
import dev.unmask.lm.corpus.Example.Pair;
import dev.unmask.lm.corpus.Example.Turn;
import dev.unmask.lm.corpus.InvalidCorpusException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerCorpusTest {
  private static final String GOOD = "{\"prompt\": \"1+1=\", \"answer\": \"2\"}\n";

  @TempDir Path folder;

  private Path file(String lines) throws IOException {
    return Files.writeString(folder.resolve("examples.jsonl"), lines);
  }

  private InvalidCorpusException fault(String lines) throws IOException {
    Path file = file(lines);
    return catchThrowableOfType(InvalidCorpusException.class, () -> AnswerCorpus.inspect(file));
  }

  @Test
  void readsPromptsAndAnswers() throws IOException {
    Path file =
        file(
            "\uFEFF"
                + GOOD
                + "\r\n\n"
                + "{\"id\": 7, \"prompt\": \"say\\n\", \"answer\": \"h\u00e9\\u00e9\"}");

    assertThat(AnswerCorpus.read(file).examples())
        .containsExactly(new Pair("1+1=", "2"), new Pair("say\n", "h\u00e9\u00e9"));
    assertThat(AnswerCorpus.inspect(file)).isEqualTo(new AnswerCorpus.Summary(2, false));
  }

  @Test
  void readsConversations() throws IOException {
    Path file =
        file(
            "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"},"
                + " {\"role\": \"assistant\", \"content\": \"hello\"}]}\n");

    assertThat(AnswerCorpus.read(file).examples())
        .containsExactly(
            new Conversation(List.of(new Turn("user", "hi"), new Turn("assistant", "hello"))));
    assertThat(AnswerCorpus.inspect(file).conversations()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'prompt': 'a'}| answer| is missing",
        "{'answer': 'a'}| prompt| is missing",
        "{'prompt': 'a', 'answer': 3}| answer| must be a string",
        "{'prompt': null, 'answer': 'a'}| prompt| must be a string",
        "{'prompt': 'a', 'answer': ' \\n'}| answer| must hold more than white space",
        "{'prompt': 'a', 'answer': 'b'| | must be one JSON object",
        "{'prompt': 'a', 'answer': 'b'} {}| | must be one JSON object",
        "{prompt: 'a', 'answer': 'b'}| | must be one JSON object",
        "['a', 'b']| | must be one JSON object",
        "plain text| | must be one JSON object",
        "{'prompt': 'a', 'messages': []}| messages| cannot stand beside prompt and answer",
        "{'messages': []}| messages| is not what the lines before have",
      })
  void namesTheLineAndTheFieldOfAFault(String line, String field, String problem)
      throws IOException {
    InvalidCorpusException fault = fault(GOOD + "\n" + line.replace('\'', '"') + "\n" + GOOD);

    assertThat(fault.reason()).isEqualTo(Reason.BAD_LINE);
    assertThat(fault.line()).isEqualTo(3);
    assertThat(fault.field()).isEqualTo(field == null ? "" : field);
    assertThat(fault).hasMessageContaining("line 3").hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'role': 'user', 'content': 'a'}]| messages",
        "3| messages",
        "[{'role': 'user', 'content': 'a'}, 7]| messages[1]",
        "[{'role': 'user'}, {'role': 'assistant', 'content': 'a'}]| messages[0].content",
        "[{'role': 'user', 'content': 'a'}, {'role': 'user', 'content': 'b'}]| messages[1].role",
        "[{'role': 'assistant', 'content': 'a'}, {'role': 'assistant', 'content': 'b'}]| messages[0].role",
      })
  void namesTheMessageAtFault(String messages, String field) throws IOException {
    InvalidCorpusException fault = fault("{'messages': %s}".formatted(messages).replace('\'', '"'));

    assertThat(fault.line()).isEqualTo(1);
    assertThat(fault.field()).isEqualTo(field);
  }

  @Test
  void refusesAFileWithoutExamplesAndBytesThatAreNoText() throws IOException {
    assertThat(fault("\n \n").reason()).isEqualTo(Reason.EMPTY);
    Path binary = folder.resolve("binary");
    Files.write(binary, (GOOD + "\u00ff").getBytes(StandardCharsets.ISO_8859_1));

    InvalidCorpusException fault =
        catchThrowableOfType(InvalidCorpusException.class, () -> AnswerCorpus.inspect(binary));

    assertThat(fault.reason()).isEqualTo(Reason.NOT_UTF8);
  }

  @Test
  void keepsExamplesOfOneQuestionOnOneSideOfTheSplit() throws IOException {
    String lines =
        IntStream.range(0, 300)
            .mapToObj(i -> "{\"prompt\": \"q%d\", \"answer\": \"a%d\"}".formatted(i % 100, i))
            .collect(Collectors.joining("\n"));
    AnswerSplit split = AnswerSplit.of(AnswerCorpus.read(file(lines)), 0.1);

    assertThat(split.training().size() + split.validation().size()).isEqualTo(300);
    assertThat(split.validation()).hasSizeBetween(9, 60);
    assertThat(split.validation().stream().map(Example::question))
        .doesNotContainAnyElementsOf(split.training().stream().map(Example::question).toList());
  }

  @Test
  void leavesAnExampleOnEitherSideHoweverFewThereAre() throws IOException {
    String other = GOOD.replace("1+1", "2+2");
    for (double fraction : new double[] {0.001, 0.5}) {
      AnswerSplit split = AnswerSplit.of(AnswerCorpus.read(file(GOOD + other)), fraction);

      assertThat(split.training()).hasSize(1);
      assertThat(split.validation()).hasSize(1);
    }
    AnswerCorpus one = AnswerCorpus.read(file(GOOD + GOOD));
    assertThat(catchThrowableOfType(InvalidCorpusException.class, () -> AnswerSplit.of(one, 0.1)))
        .hasMessageContaining("all examples ask one question");
  }
}
