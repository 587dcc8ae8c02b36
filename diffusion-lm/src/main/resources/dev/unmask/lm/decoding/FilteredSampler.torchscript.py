# Draws one token a row from what temperature, top-p and top-k leave, all in float64. The filters also
# apply at temperature 0, where they change no token but every score.
#
# Axes: R rows (masked positions), V columns (tokens, the mask among them).
class FilteredSampler(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Keeps the fewest most probable tokens whose mass reaches top_p, the one that crosses it included.
  # p [R, V]  ->  [R, V], not normalised
  def nucleus(self: __torch__.FilteredSampler, p: Tensor, top_p: float) -> Tensor:
    descending, order = torch.sort(p, -1, True)
    before = torch.sub(torch.cumsum(descending, -1), descending)
    kept = torch.masked_fill(descending, torch.gt(before, top_p), 0.)
    return torch.scatter(torch.zeros_like(p), -1, order, kept)

  # Keeps the k most probable tokens and those that tie with the last of them.   p [R, V]  ->  [R, V]
  def best(self: __torch__.FilteredSampler, p: Tensor, k: int) -> Tensor:
    highest, _ = torch.topk(p, k, -1)
    least = torch.slice(highest, -1, -1)
    return torch.masked_fill(p, torch.lt(p, least), 0.)

  # logits [R, V]  bias [V] float64, -inf at tokens that may not be drawn  ->  [R, V] float64
  # A temperature of 0 counts as 1, a top_p of 1 and a top_k of 0 filter nothing.
  def probabilities(self: __torch__.FilteredSampler, logits: Tensor, bias: Tensor, temperature: float, top_p: float, top_k: int) -> Tensor:
    z = torch.add(torch.to(logits, 7), bias)
    if torch.gt(temperature, 0.):
      p = torch.softmax(torch.div(z, temperature), -1)
    else:
      p = torch.softmax(z, -1)
    if torch.lt(top_p, 1.):
      q = self.nucleus(p, top_p)
    else:
      q = p
    if torch.gt(top_k, 0):
      r = self.best(q, top_k)
    else:
      r = q
    return torch.div(r, torch.sum(r, [-1], True))

  # Inverse distribution function; the most probable token at temperature 0.
  # p [R, V]  u [R, 1] in (0, 1)  ->  token [R, 1]
  def choose(self: __torch__.FilteredSampler, p: Tensor, u: Tensor, temperature: float) -> Tensor:
    if torch.gt(temperature, 0.):
      sums = torch.cumsum(p, -1)
      total = torch.slice(sums, -1, -1)
      target = torch.mul(torch.mul(u, total), 0.999999999999)
      token = torch.searchsorted(sums, target, right=True)
    else:
      token = torch.argmax(p, -1, True)
    return token

  # p [R, V]  token [R, 1]  ->  [4, R]: token, its probability, entropy in nats, lead over runner-up
  def scores(self: __torch__.FilteredSampler, p: Tensor, token: Tensor) -> Tensor:
    confidence = torch.squeeze(torch.gather(p, -1, token), -1)
    entropy = torch.neg(torch.sum(torch.xlogy(p, p), [-1]))
    two, _ = torch.topk(p, 2, -1)
    margin = torch.sub(torch.select(two, -1, 0), torch.select(two, -1, 1))
    return torch.stack([torch.to(torch.squeeze(token, -1), 7), confidence, entropy, margin], 0)

  # Scores of the distribution drawn from.
  def draw(self: __torch__.FilteredSampler, logits: Tensor, bias: Tensor, u: Tensor, temperature: float, top_p: float, top_k: int) -> Tensor:
    p = self.probabilities(logits, bias, temperature, top_p, top_k)
    return self.scores(p, self.choose(p, u, temperature))

  # Scores of the network's own distribution, before temperature and filters.
  def draw_unscaled(self: __torch__.FilteredSampler, logits: Tensor, bias: Tensor, u: Tensor, temperature: float, top_p: float, top_k: int) -> Tensor:
    p = self.probabilities(logits, bias, temperature, top_p, top_k)
    token = self.choose(p, u, temperature)
    return self.scores(self.probabilities(logits, bias, 1., 1., 0), token)

  # The largest of log probability plus Gumbel noise, which is a draw; the most probable token at
  # temperature 0. Scored by the network's own distribution over the tokens that `scored` leaves.
  # scored [V] float64, -inf at tokens left out   u [R, V] in (0, 1)
  def race_unscaled(self: __torch__.FilteredSampler, logits: Tensor, bias: Tensor, scored: Tensor, u: Tensor, temperature: float, top_p: float, top_k: int) -> Tensor:
    p = self.probabilities(logits, bias, temperature, top_p, top_k)
    if torch.gt(temperature, 0.):
      token = torch.argmax(torch.sub(torch.log(p), torch.log(torch.neg(torch.log(u)))), -1, True)
    else:
      token = torch.argmax(p, -1, True)
    return self.scores(self.probabilities(logits, scored, 1., 1., 0), token)
