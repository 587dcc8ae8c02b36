package dev.unmask.lm.tokenizer;

import dev.unmask.lm.tokenizer.PublishedTokenizerReader.AddedToken;
import dev.unmask.lm.tokenizer.TokenSpelling.Piece;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What every id of a published vocabulary stands for; ids without a token stand for nothing. */
final class TokenTable {

  private final @Nullable Piece[] pieces;
  private final BitSet special = new BitSet();
  private final Set<String> specialTokens;
  private final int leadingSpaces;

  private TokenTable(int size, int leadingSpaces, Set<String> specialTokens) {
    this.specialTokens = specialTokens;
    this.pieces = new @Nullable Piece[size];
    this.leadingSpaces = leadingSpaces;
  }

  static TokenTable of(Map<String, Integer> names, List<AddedToken> added, TokenSpelling spelling) {
    int highest = names.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    Set<String> specialTokens =
        added.stream()
            .filter(AddedToken::special)
            .map(AddedToken::content)
            .collect(Collectors.toUnmodifiableSet());
    TokenTable table = new TokenTable(highest + 1, spelling.leadingSpaces(), specialTokens);
    names.forEach((name, id) -> table.pieces[id] = spelling.piece(name));
    for (AddedToken token : added) {
      table.special.set(token.id(), token.special());
    }
    return table;
  }

  /** One more than the highest id. */
  int size() {
    return pieces.length;
  }

  /** What an id stands for, null where it stands for nothing. */
  @Nullable Piece piece(int id, boolean withSpecialTokens) {
    return id >= pieces.length || (special.get(id) && !withSpecialTokens) ? null : pieces[id];
  }

  Set<String> specialTokens() {
    return specialTokens;
  }

  int leadingSpaces() {
    return leadingSpaces;
  }
}
