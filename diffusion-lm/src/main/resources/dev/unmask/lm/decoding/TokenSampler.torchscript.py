# Draws one token a row and scores it, all in float64: a float32 uniform or cumulative sum cuts the
# tail off, which acts like a lower temperature (arXiv:2409.02908).
#
# Axes: R rows (masked positions of a block), V columns (tokens, the mask among them).
class TokenSampler(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Keeps the fewest most probable tokens whose mass reaches top_p, the one that crosses it included.
  # p [R, V]  ->  [R, V], every row summing to 1
  def nucleus(self: __torch__.TokenSampler, p: Tensor, top_p: float) -> Tensor:
    descending, order = torch.sort(p, -1, True)
    before = torch.sub(torch.cumsum(descending, -1), descending)
    kept = torch.masked_fill(descending, torch.gt(before, top_p), 0.)
    q = torch.scatter(torch.zeros_like(p), -1, order, kept)
    return torch.div(q, torch.sum(q, [-1], True))

  # Keeps the k most probable tokens and those that tie with the last of them.
  # p [R, V]  ->  [R, V], every row summing to 1
  def best(self: __torch__.TokenSampler, p: Tensor, k: int) -> Tensor:
    highest, _ = torch.topk(p, k, -1)
    kept = torch.masked_fill(p, torch.lt(p, torch.slice(highest, -1, -1)), 0.)
    return torch.div(kept, torch.sum(kept, [-1], True))

  # Softmax at a temperature above 0, then top-k (0 keeps all), then top-p (1 keeps all).
  # logits [R, V]  bias [V] float64, -inf at tokens that may not be drawn  ->  [R, V] float64
  def probabilities(self: __torch__.TokenSampler, logits: Tensor, bias: Tensor, temperature: float, top_k: int, top_p: float) -> Tensor:
    z = torch.add(torch.to(logits, 7), bias)
    p = torch.softmax(torch.div(z, temperature), -1)
    if torch.gt(top_k, 0):
      p = self.best(p, top_k)
    else:
      pass
    if torch.lt(top_p, 1.):
      p = self.nucleus(p, top_p)
    else:
      pass
    return p

  # Inverse distribution function.   p [R, V]  u [R, 1] in (0, 1)  ->  token [R, 1]
  # The factor keeps u times the total below the last sum whatever the rounding, so that a token of
  # probability zero is never drawn.
  def invert(self: __torch__.TokenSampler, p: Tensor, u: Tensor) -> Tensor:
    sums = torch.cumsum(p, -1)
    total = torch.slice(sums, -1, -1)
    target = torch.mul(torch.mul(u, total), 0.999999999999)
    return torch.searchsorted(sums, target, right=True)

  # logits [R, V]  bias [V] float64, -inf at tokens that may not be drawn  u [R, 1] float64
  # ->  [4, R] float64: token, its probability, entropy in nats, lead over the runner-up
  def draw(self: __torch__.TokenSampler, logits: Tensor, bias: Tensor, u: Tensor, temperature: float, top_k: int, top_p: float) -> Tensor:
    if torch.gt(temperature, 0.):
      p = self.probabilities(logits, bias, temperature, top_k, top_p)
      token = self.invert(p, u)
    else:
      p = torch.softmax(torch.add(torch.to(logits, 7), bias), -1)
      token = torch.argmax(p, -1, True)
    confidence = torch.squeeze(torch.gather(p, -1, token), -1)
    entropy = torch.neg(torch.sum(torch.xlogy(p, p), [-1]))
    best, _ = torch.topk(p, 2, -1)
    margin = torch.sub(torch.select(best, -1, 0), torch.select(best, -1, 1))
    return torch.stack([torch.to(torch.squeeze(token, -1), 7), confidence, entropy, margin], 0)

  # logits [R, V]  bias [V] float64  targets [R] int64  ->  [R] float64, minus log probability in nats
  def nats(self: __torch__.TokenSampler, logits: Tensor, bias: Tensor, targets: Tensor) -> Tensor:
    p = torch.log_softmax(torch.add(torch.to(logits, 7), bias), -1)
    return torch.neg(torch.squeeze(torch.gather(p, -1, torch.unsqueeze(targets, -1)), -1))
