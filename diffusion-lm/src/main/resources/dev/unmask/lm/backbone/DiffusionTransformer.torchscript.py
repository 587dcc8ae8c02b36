# Pre-norm transformer told the noise level through adaptive layer norms (DiT, arXiv:2212.09748, in the
# form of SEDD, MDLM and BD3-LM): LayerNorm without bias, GELU, fused query-key-value projection.
#
# Axes: B sequences, N tokens, D width, H heads, E head width, F feed-forward width, V vocabulary,
# C width of the noise embedding, P tokens in the past, R rows that are scored.
#
# The weights `ws`: embedding [V, D]; noise embedding [C, 256], [C], [C, C], [C]; ten a layer; final
# norm gain [D], its modulation [2D, C], [2D]; head [V, D], [V]. In a layer:
#   0 norm gain [D]   1 query-key-value [3D, D]   2 output [D, D]   3 norm gain [D]
#   4 up [F, D]   5 up bias [F]   6 down [D, F]   7 down bias [D]   8 modulation [6D, C]   9 its bias [6D]
# The six parts of a layer's modulation: shift, scale and gate of the attention, then of the
# feed-forward network.
class DiffusionTransformer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x [..., in]   weight [out, in]   bias [out]  ->  [..., out] in number type `precision`
  def project(self: __torch__.DiffusionTransformer, x: Tensor, weight: Tensor, bias: Optional[Tensor], precision: int) -> Tensor:
    if bias is None:
      y = torch.linear(torch.to(x, precision), torch.to(weight, precision))
    else:
      offset = unchecked_cast(Tensor, bias)
      y = torch.linear(torch.to(x, precision), torch.to(weight, precision), torch.to(offset, precision))
    return y

  # features [B, 256], waves of the total noise  ->  noise embedding [B, C], its last SiLU applied
  def embed_noise(self: __torch__.DiffusionTransformer, features: Tensor, ws: List[Tensor], precision: int) -> Tensor:
    h = torch.silu(self.project(features, ws[1], ws[2], precision))
    return torch.silu(self.project(h, ws[3], ws[4], precision))

  # c [B, C]  ->  shifts, scales and gates [B, kD] in the number type of the residual stream
  def modulation(self: __torch__.DiffusionTransformer, c: Tensor, weight: Tensor, bias: Tensor, precision: int) -> Tensor:
    m = self.project(c, weight, bias, precision)
    if precision == 15:
      m = torch.to(m, 6)
    return m

  # x [..., D]   gain [D]   shift, scale broadcast to x  ->  [..., D]
  def norm(self: __torch__.DiffusionTransformer, x: Tensor, gain: Tensor, shift: Tensor, scale: Tensor, eps: float) -> Tensor:
    y = torch.layer_norm(x, [x.size(-1)], gain, annotate(Optional[Tensor], None), eps, False)
    return torch.addcmul(torch.add(y, shift), y, scale)

  # Rotary positions, rotate-half.   x [B, H, N, E]   cos, sin [N, E]; sin is negated in its first half
  def rotate(self: __torch__.DiffusionTransformer, x: Tensor, cos: Tensor, sin: Tensor, precision: int) -> Tensor:
    half = torch.roll(x, [x.size(-1) // 2], [-1])
    return torch.to(torch.addcmul(torch.mul(x, cos), half, sin), precision)

  # x [B, N, D], modulation m [B, 6D]  ->  queries, keys, values [B, H, N, E], rotary positions applied
  def queries_keys_values(self: __torch__.DiffusionTransformer, x: Tensor, m: Tensor, ws: List[Tensor], at: int, cos: Tensor, sin: Tensor, heads: int, eps: float, precision: int) -> Tuple[Tensor, Tensor, Tensor]:
    parts = torch.chunk(torch.unsqueeze(m, 1), 6, -1)
    h = self.norm(x, ws[at], parts[0], parts[1], eps)
    flat = self.project(h, ws[at + 1], None, precision)
    qkv = torch.transpose(torch.view(flat, [x.size(0), x.size(1), 3 * heads, -1]), 1, 2)
    qk, v = torch.split_with_sizes(qkv, [2 * heads, heads], 1)
    q, k = torch.split_with_sizes(self.rotate(qk, cos, sin, precision), [heads, heads], 1)
    return (q, k, v)

  # mask: additive [N, keys] or empty.   q [B, H, N, E]   k, v [B, H, keys, E]  ->  [B, N, D]
  def attend(self: __torch__.DiffusionTransformer, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    if torch.numel(mask) == 0:
      o = torch.scaled_dot_product_attention(q, k, v, annotate(Optional[Tensor], None), 0., False)
    else:
      o = torch.scaled_dot_product_attention(q, k, v, torch.to(mask, ops.prim.dtype(q)), 0., False)
    return torch.reshape(torch.transpose(o, 1, 2), [q.size(0), q.size(2), -1])

  # x and attention output o [..., D], modulation m broadcast to them  ->  [..., D]
  def finish_layer(self: __torch__.DiffusionTransformer, x: Tensor, o: Tensor, m: Tensor, ws: List[Tensor], at: int, eps: float, precision: int) -> Tensor:
    parts = torch.chunk(m, 6, -1)
    x = torch.addcmul(x, self.project(o, ws[at + 2], None, precision), parts[2])
    h = self.norm(x, ws[at + 3], parts[3], parts[4], eps)
    inner = torch.gelu(self.project(h, ws[at + 4], ws[at + 5], precision), approximate="tanh")
    return torch.addcmul(x, self.project(inner, ws[at + 6], ws[at + 7], precision), parts[5])

  # x [R, D], noise embedding c [R, C] or [1, C]  ->  logits [R, columns], columns 0..columns of the head
  def logits(self: __torch__.DiffusionTransformer, x: Tensor, c: Tensor, ws: List[Tensor], columns: int, eps: float, precision: int) -> Tensor:
    at = torch.len(ws) - 5
    shift, scale = torch.chunk(self.modulation(c, ws[at + 1], ws[at + 2], precision), 2, -1)
    h = self.norm(x, ws[at], shift, scale, eps)
    y = self.project(h, torch.slice(ws[at + 3], 0, 0, columns), torch.slice(ws[at + 4], 0, 0, columns), precision)
    if precision == 15:
      y = torch.to(y, 6)
    return y

  # Every layer over a batch; of the last one only the scored rows go past the attention.
  #   ids [B, N]   c [B, C]   mask [N, N] or empty   rows [R] into B x the first `scored` columns
  #   owners [R] the sequence of each row  ->  [R, D]
  def hidden(self: __torch__.DiffusionTransformer, ids: Tensor, c: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, rows: Tensor, owners: Tensor, scored: int, ws: List[Tensor], heads: int, eps: float, precision: int) -> Tensor:
    x = torch.embedding(ws[0], ids)
    layers = (torch.len(ws) - 10) // 10
    for i in range(layers - 1):
      at = 10 * i + 5
      m = self.modulation(c, ws[at + 8], ws[at + 9], precision)
      q, k, v = self.queries_keys_values(x, m, ws, at, cos, sin, heads, eps, precision)
      x = self.finish_layer(x, self.attend(q, k, v, mask), torch.unsqueeze(m, 1), ws, at, eps, precision)
    at = 10 * (layers - 1) + 5
    m = self.modulation(c, ws[at + 8], ws[at + 9], precision)
    q, k, v = self.queries_keys_values(x, m, ws, at, cos, sin, heads, eps, precision)
    o = self.attend(torch.slice(q, 2, 0, scored), k, v, torch.slice(mask, 0, 0, scored))
    o = torch.index_select(torch.flatten(o, 0, 1), 0, rows)
    x = torch.index_select(torch.flatten(torch.slice(x, 1, 0, scored), 0, 1), 0, rows)
    return self.finish_layer(x, o, torch.index_select(m, 0, owners), ws, at, eps, precision)

  # Score entropy of absorbing diffusion at masked positions (SEDD, arXiv:2310.16834, equation 5 with
  # its constant), in float64: float32 loses digits where the noise is small.
  #   s [R, V + 1] log-scores, the mask column last   e [R] exp(noise) - 1   targets [R]  ->  [R]
  def absorbing_entropy(self: __torch__.DiffusionTransformer, s: Tensor, e: Tensor, targets: Tensor) -> Tensor:
    r = torch.reciprocal(e)
    positive = torch.sum(torch.exp(torch.slice(s, 1, 0, s.size(1) - 1)), [1])
    negative = torch.mul(r, torch.squeeze(torch.gather(s, 1, torch.unsqueeze(targets, 1)), 1))
    return torch.add(torch.sub(positive, negative), torch.mul(r, torch.sub(torch.log(r), 1)))

  # Score entropy of uniform diffusion, at every position.
  #   s [R, N] log-scores, zero at the current token   e [R] exp(noise) - 1   current, targets [R]  ->  [R]
  def uniform_entropy(self: __torch__.DiffusionTransformer, s: Tensor, e: Tensor, current: Tensor, targets: Tensor) -> Tensor:
    n = s.size(1)
    ratio = torch.div(e, torch.add(e, n))
    log_ratio = torch.log(ratio)
    positive = torch.div(torch.sub(torch.sum(torch.exp(s), [1]), 1), n)
    base = torch.div(torch.sum(s, [1]), n)
    target = torch.squeeze(torch.gather(s, 1, torch.unsqueeze(targets, 1)), 1)
    kept = torch.mul(torch.mul(torch.sub(log_ratio, 1), ratio), (n - 1) / n)
    kept = torch.sub(kept, torch.mul(ratio, base))
    moved = torch.div(torch.sub(torch.div(torch.sub(torch.neg(log_ratio), 1), ratio), n - 2), n)
    moved = torch.sub(moved, torch.add(torch.div(target, e), base))
    return torch.add(positive, torch.where(torch.eq(current, targets), kept, moved))

  # The criterion of every scored row, in nats. `criterion`: 0 cross-entropy, 1 score entropy of the
  # absorbing graph, 2 of the uniform graph; + 4 if the logits are scaled by the noise.
  #   y [R, columns]   noise float64 [R] total noise of each row   current, targets int64 [R]  ->  [R]
  def nats(self: __torch__.DiffusionTransformer, y: Tensor, noise: Tensor, current: Tensor, targets: Tensor, criterion: int) -> Tensor:
    if criterion == 0:
      value = torch.cross_entropy_loss(y, targets, annotate(Optional[Tensor], None), 0, -100, 0.)
    else:
      e = torch.expm1(noise)
      s = torch.to(y, 7)
      if criterion >= 4:
        s = torch.sub(s, torch.unsqueeze(torch.log(torch.mul(e, y.size(1) - 1)), 1))
      if criterion % 4 == 1:
        value = self.absorbing_entropy(s, e, targets)
      else:
        s = torch.scatter(s, 1, torch.unsqueeze(current, 1), 0.)
        value = self.uniform_entropy(s, e, current, targets)
    return value

  # Logits of the scored rows of a batch.
  #   ids [B, N]   positions [N]   cos, sin [context, E]   features float32 [B, 256]
  #   settings int64 (host): heads, precision, columns of the head, criterion, scored columns of ids
  #   numbers: norm epsilon   ->  [R, columns]
  def batch_logits(self: __torch__.DiffusionTransformer, ids: Tensor, positions: Tensor, cos: Tensor, sin: Tensor, settings: Tensor, numbers: Tensor, features: Tensor, mask: Tensor, rows: Tensor, ws: List[Tensor]) -> Tensor:
    heads = int(torch.select(settings, 0, 0))
    precision = int(torch.select(settings, 0, 1))
    columns = int(torch.select(settings, 0, 2))
    scored = int(torch.select(settings, 0, 4))
    eps = float(torch.select(numbers, 0, 0))
    cosines = torch.index_select(cos, 0, positions)
    sines = torch.index_select(sin, 0, positions)
    owners = torch.floor_divide(rows, scored)
    c = self.embed_noise(features, ws, precision)
    h = self.hidden(ids, c, cosines, sines, mask, rows, owners, scored, ws, heads, eps, precision)
    return self.logits(h, torch.index_select(c, 0, owners), ws, columns, eps, precision)

  # Weighted sum of the criterion over the scored rows; arguments as for batch_logits, and
  #   noise float64 [R]   targets int64 [R]   weights float32 [R]
  #   ->  float64 scalar, criterion of every row float32 [R]
  def loss(self: __torch__.DiffusionTransformer, ids: Tensor, positions: Tensor, cos: Tensor, sin: Tensor, settings: Tensor, numbers: Tensor, features: Tensor, mask: Tensor, rows: Tensor, ws: List[Tensor], noise: Tensor, targets: Tensor, weights: Tensor) -> List[Tensor]:
    y = self.batch_logits(ids, positions, cos, sin, settings, numbers, features, mask, rows, ws)
    scored = int(torch.select(settings, 0, 4))
    current = torch.index_select(torch.flatten(torch.slice(ids, 1, 0, scored), 0, 1), 0, rows)
    nats = self.nats(y, noise, current, targets, int(torch.select(settings, 0, 3)))
    total = torch.sum(torch.mul(torch.to(nats, 7), torch.to(weights, 7)))
    return [total, torch.to(torch.detach(nats), 6)]

  # One sequence after its past: every token sees the whole past, `mask` says whom else.
  #   ids, positions [N]   features [1, 256]   past [layers, 2, H, capacity, E], of which `before` = P
  #   positions count   mask additive [N, P+N] or empty
  # Where the past has room for N more, the new keys and values go into it behind the P that count.
  #   rows [R]  ->  float32 logits [R, V], keys and values of the N tokens [layers, 2, H, N, E]
  def forward(self: __torch__.DiffusionTransformer, ids: Tensor, positions: Tensor, cos: Tensor, sin: Tensor, features: Tensor, past: Tensor, before: int, mask: Tensor, rows: Tensor, ws: List[Tensor], heads: int, eps: float, precision: int) -> List[Tensor]:
    x = torch.unsqueeze(torch.embedding(ws[0], ids), 0)
    if precision == 15:
      x = torch.to(x, 6)
    n = x.size(1)
    cosines = torch.index_select(cos, 0, positions)
    sines = torch.index_select(sin, 0, positions)
    c = self.embed_noise(features, ws, precision)
    layers = (torch.len(ws) - 10) // 10
    fresh = annotate(List[Tensor], [])
    for i in range(layers):
      at = 10 * i + 5
      m = self.modulation(c, ws[at + 8], ws[at + 9], precision)
      q, k, v = self.queries_keys_values(x, m, ws, at, cosines, sines, heads, eps, precision)
      own = torch.cat([k, v], 0)
      _ = torch.append(fresh, own)
      if before > 0:
        kept = torch.select(past, 0, i)
        if kept.size(2) >= before + n:
          written = torch.copy_(torch.slice(kept, 2, before, before + n), own)
          both = torch.slice(kept, 2, 0, before + n)
        else:
          both = torch.cat([torch.slice(kept, 2, 0, before), own], 2)
        k, v = torch.split_with_sizes(both, [1, 1], 0)
      o = self.attend(q, k, v, mask)
      if i == layers - 1:
        x = torch.index_select(x, 1, rows)
        o = torch.index_select(o, 1, rows)
      x = self.finish_layer(x, o, torch.unsqueeze(m, 1), ws, at, eps, precision)
    y = self.logits(torch.select(x, 0, 0), c, ws, ws[0].size(0), eps, precision)
    return [torch.to(y, 6), torch.stack(fresh, 0)]

  # table [V, D]   row [D]: replaces row `id` of the table, in place
  def replace_row(self: __torch__.DiffusionTransformer, table: Tensor, row: Tensor, id: int) -> Tensor:
    return torch.copy_(torch.select(table, 0, id), row)

  # A copy in another number type
  def cast(self: __torch__.DiffusionTransformer, x: Tensor, precision: int) -> Tensor:
    return torch.to(x, precision, False, True)
