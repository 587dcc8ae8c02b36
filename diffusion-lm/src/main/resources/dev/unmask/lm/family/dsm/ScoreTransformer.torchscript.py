# Score network of text: a bidirectional pre-norm transformer over noisy token
# embeddings that is told the time. It answers with probabilities of tokens; the expected embedding under them is the
# expected clean point, and with it the score (score interpolation, arXiv:2211.15089).
#
# Axes: B sequences, L tokens, E coordinates of an embedding, D width, H heads, F feed-forward width,
# V tokens (the mask token is none of them).
#
# The weights `ws`: 0 embeddings [V, E]   1, 2 input [D, V], [D]   3 positions [context, D]
#   4 mark of given tokens [D]   5-8 time [D, 256], [D], [D, D], [D]; ten a layer; then final
#   norm [D], [D] and head [V, D], [V]. In a layer: 0, 1 norm [D], [D]   2 query-key-value [3D, D]
#   3 output [D, D]   4, 5 norm [D], [D]   6, 7 up [F, D], [F]   8, 9 down [D, F], [D]
class ScoreTransformer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Embeddings of mean square 1, all of one length: otherwise noise is outrun by growing them.
  def embeddings(self: __torch__.ScoreTransformer, ws: List[Tensor]) -> Tensor:
    squares = torch.mean(torch.square(ws[0]), [1], True)
    return torch.mul(ws[0], torch.rsqrt(torch.add(squares, 1e-12)))

  def norm(self: __torch__.ScoreTransformer, x: Tensor, ws: List[Tensor], at: int) -> Tensor:
    return torch.layer_norm(x, [x.size(-1)], ws[at], ws[at + 1], 1e-5, False)

  # Rotary positions, rotate-half.   x [B, H, L, D/H]   cos, sin [L, D/H]; sin is negated in its first half
  def rotate(self: __torch__.ScoreTransformer, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    return torch.addcmul(torch.mul(x, cos), torch.roll(x, [x.size(-1) // 2], [-1]), sin)

  # x [B, L, D]  ->  [B, L, D]
  def layer(self: __torch__.ScoreTransformer, x: Tensor, ws: List[Tensor], at: int, cos: Tensor, sin: Tensor, heads: int) -> Tensor:
    qkv = torch.linear(self.norm(x, ws, at), ws[at + 2])
    parts = torch.chunk(torch.transpose(torch.view(qkv, [x.size(0), x.size(1), 3 * heads, -1]), 1, 2), 3, 1)
    o = torch.scaled_dot_product_attention(self.rotate(parts[0], cos, sin), self.rotate(parts[1], cos, sin), parts[2], annotate(Optional[Tensor], None), 0., False)
    o = torch.reshape(torch.transpose(o, 1, 2), [x.size(0), x.size(1), -1])
    x = torch.add(x, torch.linear(o, ws[at + 3]))
    inner = torch.gelu(torch.linear(self.norm(x, ws, at + 4), ws[at + 6], ws[at + 7]), approximate="tanh")
    return torch.add(x, torch.linear(inner, ws[at + 8], ws[at + 9]))

  # Log-probabilities of every token up to a constant: what the network expects there, and the
  # likelihood of the noisy embedding itself, which needs no learning. The network sees that
  # likelihood too, not the embedding: it says all that the noise left of the token, one token where
  # there is hardly any noise or the token is given, all alike where there is nothing but noise.
  #   x [B, L, E]   e [V, E]   given [B, L, 1], 1 where the token is known
  #   alpha, sigma [B, L, 1]   features [B, 256]   cos, sin [context, D/H]  ->  [B, L, V]
  def logits(self: __torch__.ScoreTransformer, x: Tensor, e: Tensor, given: Tensor, alpha: Tensor, sigma: Tensor, features: Tensor, cos: Tensor, sin: Tensor, ws: List[Tensor], heads: int) -> Tensor:
    likeness = torch.linear(x, e)
    evidence = torch.mul(torch.div(alpha, torch.square(sigma)), likeness)
    seen = torch.softmax(torch.where(torch.gt(given, 0.5), torch.mul(likeness, 100.), evidence), -1)
    level = torch.linear(torch.silu(torch.linear(features, ws[5], ws[6])), ws[7], ws[8])
    h = torch.add(torch.linear(seen, ws[1], ws[2]), torch.unsqueeze(level, 1))
    h = torch.add(torch.add(h, torch.mul(given, ws[4])), torch.slice(ws[3], 0, 0, x.size(1)))
    cos = torch.slice(cos, 0, 0, x.size(1))
    sin = torch.slice(sin, 0, 0, x.size(1))
    layers = (torch.len(ws) - 13) // 10
    for i in range(layers):
      h = self.layer(h, ws, 9 + 10 * i, cos, sin, heads)
    at = torch.len(ws) - 4
    expected = torch.linear(self.norm(h, ws, at), ws[at + 2], ws[at + 3])
    return torch.add(expected, evidence)

  # Denoising score matching and rounding: errors of tokens that are not given.
  #   ids [B, L]   noise [B, L, E]   weights [B, L, 1] of the squared error of the score
  #   settings int64 (host): heads   numbers float64 (host): weight of the cross-entropy
  #   ->  total, squared error of the score per coordinate (weighted), cross-entropy in nats per token
  # The score's error is alpha (expected - clean) / sigma^2: taken from the scores themselves it would
  # be a difference of large numbers.
  def loss(self: __torch__.ScoreTransformer, ids: Tensor, noise: Tensor, given: Tensor, alpha: Tensor, sigma: Tensor, features: Tensor, weights: Tensor, cos: Tensor, sin: Tensor, settings: Tensor, numbers: Tensor, ws: List[Tensor]) -> List[Tensor]:
    e = self.embeddings(ws)
    clean = torch.embedding(e, ids)
    noisy = torch.add(torch.mul(alpha, clean), torch.mul(sigma, noise))
    x = torch.where(torch.gt(given, 0.5), clean, noisy)
    y = self.logits(x, e, given, alpha, sigma, features, cos, sin, ws, int(torch.select(settings, 0, 0)))
    expected = torch.matmul(torch.softmax(y, -1), e)
    errors = torch.mul(torch.sub(expected, clean), torch.div(alpha, torch.square(sigma)))
    open = torch.rsub(torch.squeeze(given, -1), 1)
    count = torch.clamp_min(torch.sum(open), 1)
    per_token = torch.mul(torch.mean(torch.square(errors), [-1]), torch.squeeze(weights, -1))
    score = torch.div(torch.sum(torch.mul(per_token, open)), count)
    nats = torch.cross_entropy_loss(torch.flatten(y, 0, 1), torch.flatten(ids), annotate(Optional[Tensor], None), 0, -100, 0.)
    rounding = torch.div(torch.sum(torch.mul(nats, torch.flatten(open))), count)
    total = torch.add(score, torch.mul(rounding, float(torch.select(numbers, 0, 0))))
    return [total, torch.detach(score), torch.detach(rounding)]

  # One sequence: expected clean embeddings [L, E], most probable tokens [L], their probabilities [L].
  #   x [1, L, E]   forbidden: token that is impossible, none if negative
  def denoise(self: __torch__.ScoreTransformer, x: Tensor, given: Tensor, alpha: Tensor, sigma: Tensor, features: Tensor, cos: Tensor, sin: Tensor, heads: int, forbidden: int, ws: List[Tensor]) -> List[Tensor]:
    e = self.embeddings(ws)
    y = torch.select(self.logits(x, e, given, alpha, sigma, features, cos, sin, ws, heads), 0, 0)
    if forbidden >= 0:
      _ = torch.fill_(torch.select(y, 1, forbidden), float("-inf"))
    p = torch.softmax(y, -1)
    best, tokens = torch.max(p, -1, False)
    return [torch.matmul(p, e), tokens, best]

  # ids [L]  ->  their embeddings [L, E]
  def embed(self: __torch__.ScoreTransformer, ids: Tensor, ws: List[Tensor]) -> Tensor:
    return torch.embedding(self.embeddings(ws), ids)
