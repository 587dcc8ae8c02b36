# Pre-norm transformer without time input: RMSNorm + SwiGLU (Llama style) or LayerNorm + GELU (RADD).
#
# Axes: B sequences, N tokens, D width, H heads, G key/value heads, E head width, F feed-forward
# width, V vocabulary, P tokens in the past, R rows that are scored.
#
# The weights `ws`: embedding [V, D]; fourteen a layer; final norm gain and bias; head [V, D] or, without a
# row for the mask token, [V-1, D] (empty when tied to the embedding); head bias [V]. Those that a family lacks are empty tensors. In a layer:
#   0 norm gain [D]   1 norm bias [D]   2 query-key-value [(H+2G)E, D]   3 output [D, HE]
#   4 query norm gain [E]   5 key norm gain [E]   6 norm gain [D]   7 norm bias [D]
#   8 up: gate and value [2F, D], or [F, D]   9 up bias [F]   10 down [D, F]   11 down bias [D]
#   12 query-key-value bias [(H+2G)E]   13 output bias [D]
# Of an int8 matrix [out, in] the bias is float32 [2, out] (without a bias [1, out]): scales of its rows, then
# its bias. A matrix may be packed: laid out as oneDNN's products read it, which costs time once, not in every pass.
class Transformer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x [..., D]   gain [D]   bias [D] or empty  ->  [..., D]; layer norm with a bias, RMS norm without
  def norm(self: __torch__.Transformer, x: Tensor, gain: Tensor, bias: Tensor, eps: float) -> Tensor:
    if torch.numel(bias) == 0:
      y = torch.rms_norm(x, [x.size(-1)], gain, eps)
    else:
      y = torch.layer_norm(x, [x.size(-1)], gain, bias, eps, False)
    return y

  # Every row by its largest magnitude.   x float32 [R, in]  ->  int8 [R, in], scales [R, 1]
  def quantise(self: __torch__.Transformer, x: Tensor) -> Tuple[Tensor, Tensor]:
    scale = torch.div(torch.clamp_min(torch.amax(torch.abs(x), [1], True), 1.0e-30), 127.)
    return (torch.to(torch.round_(torch.div(x, scale)), 1), scale)

  # A matrix as `project_int8` takes it.   weight [out, in]   bias [out] or empty  ->  int8 [out, in], [2, out]
  def quantise_matrix(self: __torch__.Transformer, weight: Tensor, bias: Tensor) -> List[Tensor]:
    w, scale = self.quantise(weight)
    s = torch.transpose(scale, 0, 1)
    if torch.numel(bias) > 0:
      s = torch.cat([s, torch.unsqueeze(bias, 0)], 0)
    return [w, s]

  # weight [out, in] of float32 or bfloat16, for products with about `rows` rows  ->  packed
  def pack(self: __torch__.Transformer, weight: Tensor, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(weight, rows)

  # weight int8 [out, in]  ->  packed
  def pack_int8(self: __torch__.Transformer, weight: Tensor) -> Tensor:
    return ops.onednn.qlinear_prepack(weight, annotate(Optional[List[int]], None))

  # Products of whole numbers; x is quantised as it comes.
  #   x [..., in]   weight int8 [out, in]   scales [1 or 2, out]  ->  float32 [..., out]
  def project_int8(self: __torch__.Transformer, x: Tensor, weight: Tensor, scales: Tensor) -> Tensor:
    rows, scale = self.quantise(torch.to(torch.reshape(x, [-1, x.size(-1)]), 6))
    channels = torch.select(scales, 0, 0)
    if ops.prim.is_mkldnn(weight):
      y = ops.onednn.qlinear_pointwise(rows, 1., 0, weight, channels, torch.zeros_like(channels, dtype=3), annotate(Optional[Tensor], None), 1., 0, 6, "none", annotate(List[Optional[number]], []), "")
      y = torch.mul_(y, scale)
    else:
      y = torch.mul_(torch.mul_(torch.to(torch._int_mm(rows, torch.t(weight)), 6), scale), channels)
    if scales.size(0) > 1:
      y = torch.add_(y, torch.select(scales, 0, 1))
    sizes = torch.slice(torch.size(x), 0, -1)
    return torch.reshape(y, torch.add(sizes, [torch.numel(channels)]))

  # x [..., in]   weight [out, in]   bias [out] or empty  ->  [..., out] in number type `precision`
  def project(self: __torch__.Transformer, x: Tensor, weight: Tensor, bias: Tensor, precision: int) -> Tensor:
    if ops.prim.dtype(weight) == 1:
      y = torch.to(self.project_int8(x, weight, bias), precision)
    elif ops.prim.is_mkldnn(weight):
      if torch.numel(bias) == 0:
        y = ops.mkldnn._linear_pointwise(torch.to(x, precision), weight, annotate(Optional[Tensor], None), "none", annotate(List[Optional[number]], []), "")
      else:
        y = ops.mkldnn._linear_pointwise(torch.to(x, precision), weight, torch.to(bias, precision), "none", annotate(List[Optional[number]], []), "")
    else:
      if torch.numel(bias) == 0:
        y = torch.linear(torch.to(x, precision), torch.to(weight, precision))
      else:
        y = torch.linear(torch.to(x, precision), torch.to(weight, precision), torch.to(bias, precision))
    return y

  # Rotary positions, rotate-half.   x [B, H, N, E]   cos, sin [N, E]; sin is negated in its first half
  def rotate(self: __torch__.Transformer, x: Tensor, cos: Tensor, sin: Tensor, precision: int) -> Tensor:
    half = torch.roll(x, [x.size(-1) // 2], [-1])
    return torch.to(torch.addcmul(torch.mul(x, cos), half, sin), precision)

  # x [B, N, D]  ->  queries [B, H, N, E], keys and values [B, G, N, E] with rotary positions applied
  def queries_keys_values(self: __torch__.Transformer, x: Tensor, ws: List[Tensor], at: int, cos: Tensor, sin: Tensor, heads: int, groups: int, eps: float, precision: int) -> Tuple[Tensor, Tensor, Tensor]:
    flat = self.project(self.norm(x, ws[at], ws[at + 1], eps), ws[at + 2], ws[at + 12], precision)
    qkv = torch.transpose(torch.view(flat, [x.size(0), x.size(1), heads + 2 * groups, -1]), 1, 2)
    qk, v = torch.split_with_sizes(qkv, [heads + groups, groups], 1)
    if torch.numel(ws[at + 4]) > 0:
      if precision == 15:
        qk = torch.to(qk, 6)
      q, k = torch.split_with_sizes(qk, [heads, groups], 1)
      q = torch.rms_norm(q, [q.size(-1)], ws[at + 4], eps)
      k = torch.rms_norm(k, [k.size(-1)], ws[at + 5], eps)
      qk = torch.cat([q, k], 1)
    q, k = torch.split_with_sizes(self.rotate(qk, cos, sin, precision), [heads, groups], 1)
    return (q, k, v)

  # Attention as two products of bfloat16 with a softmax between, float32 inside. Without instructions for
  # tiles PyTorch's fused kernel rearranges every key and value for its bfloat16 products, which pays for many
  # queries only: with 1 to 32 queries over 1,024 keys this takes a third to a half of its time. Keys come
  # first in the first product: as the second operand, transposed, they would be copied. It holds N x keys
  # weights, the fused does not.
  def attend_in_two(self: __torch__.Transformer, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, causal: bool) -> Tensor:
    n = q.size(2)
    scaled = torch.mul(q, q.size(-1) ** -0.5)
    if n <= 64:
      scores = torch.transpose(torch.matmul(k, torch.transpose(scaled, -2, -1)), -2, -1)
    else:
      scores = torch.matmul(scaled, torch.transpose(k, -2, -1))
    if torch.numel(mask) > 0:
      scores = torch.add(scores, torch.to(mask, 15))
    if causal:
      later = torch.triu(torch.full([n, n], -inf, dtype=15, layout=None, device=ops.prim.device(q), pin_memory=None), 1)
      scores = torch.add(scores, later)
    return torch.matmul(torch.softmax(scores, -1), v)

  # q [B, H, N, E]   k, v [B, H, keys, E]  ->  [B, H, N, E]; the other arguments as in `attend`
  def attend_heads(self: __torch__.Transformer, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, causal: bool, in_two: int) -> Tensor:
    if ops.prim.dtype(q) == 15 and q.size(2) <= in_two:
      o = self.attend_in_two(q, k, v, mask, causal)
    else:
      if torch.numel(mask) == 0:
        o = torch.scaled_dot_product_attention(q, k, v, annotate(Optional[Tensor], None), 0., causal)
      else:
        o = torch.scaled_dot_product_attention(q, k, v, torch.to(mask, ops.prim.dtype(q)), 0., False)
    return o

  # Queries that share a key/value head go in as rows of one head, so that keys and values need no copies.
  #   mask: additive [N, keys] or [B, 1, N, keys] or empty   q [B, H, N, E]   k, v [B, G, keys, E]  ->  [B, H, N, E]
  #   in_two: so many queries of bfloat16 at most as two products rather than by the fused kernel
  def attend(self: __torch__.Transformer, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, causal: bool, in_two: int) -> Tensor:
    shared = q.size(1) // k.size(1)
    if shared == 1:
      o = self.attend_heads(q, k, v, mask, causal, in_two)
    else:
      if causal:
        o = self.attend_heads(q, torch.repeat_interleave(k, shared, 1), torch.repeat_interleave(v, shared, 1), mask, True, in_two)
      else:
        rows = torch.reshape(q, [q.size(0), k.size(1), shared * q.size(2), q.size(3)])
        repeats = annotate(List[int], [])
        for i in range(torch.dim(mask) - 2):
          _ = torch.append(repeats, 1)
        if torch.numel(mask) > 0:
          mask = torch.repeat(mask, torch.add(repeats, [shared, 1]))
        o = torch.reshape(self.attend_heads(rows, k, v, mask, False, in_two), torch.size(q))
    return o

  # Block diffusion, noisy half then clean half (N = 2L). Both halves go through in segments of
  # consecutive positions, so that no query meets keys that its segment cannot see:
  #   masks[2s]   [C, hi + C]  noisy queries of segment s over clean keys 0..hi and its own noisy keys
  #   masks[2s+1] [C, hi]      clean queries of segment s over clean keys 0..hi
  # The clean outputs are left out when `clean` is false (the last layer: nobody reads them).
  # Splitting and joining rather than slicing: the gradient of a slice is a whole tensor of zeros.
  def attend_noisy_then_clean(self: __torch__.Transformer, q: Tensor, k: Tensor, v: Tensor, masks: List[Tensor], clean: bool, in_two: int) -> Tensor:
    sizes = annotate(List[int], [])
    for s in range(torch.len(masks) // 2):
      _ = torch.append(sizes, masks[2 * s + 1].size(0))
    segments = torch.len(sizes)
    both = torch.add(sizes, sizes)
    queries = torch.split_with_sizes(q, both, 2)
    keys = torch.split_with_sizes(k, both, 2)
    values = torch.split_with_sizes(v, both, 2)
    noisy = annotate(List[Tensor], [])
    settled = annotate(List[Tensor], [])
    seen_keys = annotate(List[Tensor], [])
    seen_values = annotate(List[Tensor], [])
    for s in range(segments):
      _ = torch.append(seen_keys, keys[segments + s])
      _ = torch.append(seen_values, values[segments + s])
      own_keys = torch.cat(torch.add(seen_keys, [keys[s]]), 2)
      own_values = torch.cat(torch.add(seen_values, [values[s]]), 2)
      _ = torch.append(noisy, self.attend(queries[s], own_keys, own_values, masks[2 * s], False, in_two))
      if clean:
        o = self.attend(queries[segments + s], torch.cat(seen_keys, 2), torch.cat(seen_values, 2), masks[2 * s + 1], False, in_two)
        _ = torch.append(settled, o)
    return torch.cat(torch.add(noisy, settled), 2)

  # layout: 0 everyone sees everyone, 1 causal, 2 by the one mask [N, N] or [B, 1, N, N], 3 noisy then clean halves
  def attend_layout(self: __torch__.Transformer, q: Tensor, k: Tensor, v: Tensor, layout: int, masks: List[Tensor], clean: bool, in_two: int) -> Tensor:
    if layout == 3:
      o = self.attend_noisy_then_clean(q, k, v, masks, clean, in_two)
    else:
      if layout == 2:
        o = self.attend(q, k, v, masks[0], False, in_two)
      else:
        o = self.attend(q, k, v, torch.slice(masks[0], 0, 0, 0), layout == 1, in_two)
    return o

  # Columns of a matrix [out, in]; packed ones of int8 say that they are [in, out]
  def inputs(self: __torch__.Transformer, weight: Tensor) -> int:
    if ops.prim.is_mkldnn(weight) and ops.prim.dtype(weight) == 1:
      n = weight.size(0)
    else:
      n = weight.size(1)
    return n

  # x [..., D] and attention output o [..., HE]  ->  [..., D]: output projection and feed-forward
  def finish_layer(self: __torch__.Transformer, x: Tensor, o: Tensor, ws: List[Tensor], at: int, eps: float, precision: int) -> Tensor:
    x = torch.add(x, self.project(o, ws[at + 3], ws[at + 13], precision))
    h = self.norm(x, ws[at + 6], ws[at + 7], eps)
    up = self.project(h, ws[at + 8], ws[at + 9], precision)
    if up.size(-1) != self.inputs(ws[at + 10]):
      gate, value = torch.chunk(up, 2, -1)
      inner = torch.mul(torch.silu(gate), value)
    else:
      inner = torch.gelu(up, approximate="tanh")
    return torch.add(x, self.project(inner, ws[at + 10], ws[at + 11], precision))

  # x [R, D]  ->  float32 logits [R, columns], columns 0..columns of the head
  def logits(self: __torch__.Transformer, x: Tensor, ws: List[Tensor], columns: int, eps: float, precision: int) -> Tensor:
    at = torch.len(ws) - 4
    if torch.numel(ws[at + 2]) == 0:
      head = ws[0]
    else:
      head = ws[at + 2]
    bias = torch.slice(ws[at + 3], -1, 0, columns)
    if not ops.prim.is_mkldnn(head):
      head = torch.slice(head, 0, 0, columns)
    h = self.norm(x, ws[at], ws[at + 1], eps)
    y = self.project(h, head, bias, precision)
    if precision == 15:
      y = torch.to(y, 6)
    return y

  # One layer but the last over a batch.   x [B, N, D]   c, s: cosines and sines of the positions  ->  [B, N, D]
  def layer(self: __torch__.Transformer, x: Tensor, c: Tensor, s: Tensor, ws: List[Tensor], at: int, masks: List[Tensor], layout: int, heads: int, groups: int, eps: float, precision: int, in_two: int) -> Tensor:
    q, k, v = self.queries_keys_values(x, ws, at, c, s, heads, groups, eps, precision)
    o = self.attend_layout(q, k, v, layout, masks, True, in_two)
    return self.finish_layer(x, torch.reshape(torch.transpose(o, 1, 2), [x.size(0), x.size(1), -1]), ws, at, eps, precision)

  # The last layer, of which only the scored rows go past the attention.
  #   rows [R] into B x N, with layout 3 into B x L of the noisy halves  ->  [R, D]
  def last_layer(self: __torch__.Transformer, x: Tensor, c: Tensor, s: Tensor, rows: Tensor, ws: List[Tensor], at: int, masks: List[Tensor], layout: int, heads: int, groups: int, eps: float, precision: int, in_two: int) -> Tensor:
    b, d = x.size(0), x.size(2)
    q, k, v = self.queries_keys_values(x, ws, at, c, s, heads, groups, eps, precision)
    o = self.attend_layout(q, k, v, layout, masks, False, in_two)
    scored = o.size(2)
    o = torch.reshape(torch.transpose(o, 1, 2), [b * scored, -1])
    x = torch.reshape(torch.slice(x, 1, 0, scored), [b * scored, d])
    return self.finish_layer(torch.index_select(x, 0, rows), torch.index_select(o, 0, rows), ws, at, eps, precision)

  # positions [N] or, where sequences differ, [B, N]   cos, sin [context, E]  ->  [N, E] or [B, 1, N, E] each
  def rotary(self: __torch__.Transformer, positions: Tensor, cos: Tensor, sin: Tensor) -> Tuple[Tensor, Tensor]:
    if torch.dim(positions) == 1:
      c = torch.index_select(cos, 0, positions)
      s = torch.index_select(sin, 0, positions)
    else:
      c = torch.unsqueeze(torch.embedding(cos, positions), 1)
      s = torch.unsqueeze(torch.embedding(sin, positions), 1)
    return (c, s)

  def setting(self: __torch__.Transformer, settings: Tensor, index: int) -> int:
    return int(torch.select(settings, 0, index))

  # Arguments of the methods below:
  #   ids [B, N]   positions, cos, sin as in `rotary`   targets int64 [R]   weights float32 [R]
  #   settings int64 (host): heads, key/value heads, layout, precision, mask id, attention in two
  #   numbers: norm epsilon

  # Token embeddings  ->  [B, N, D], float32 unless all is float64
  def embed(self: __torch__.Transformer, ids: Tensor, settings: Tensor, ws: List[Tensor]) -> Tensor:
    x = torch.embedding(ws[0], ids)
    if self.setting(settings, 3) == 15:
      x = torch.to(x, 6)
    return x

  # Layer `index` (int64 scalar on the host), not the last  ->  [B, N, D]
  def pass_layer(self: __torch__.Transformer, x: Tensor, index: Tensor, positions: Tensor, cos: Tensor, sin: Tensor, settings: Tensor, numbers: Tensor, ws: List[Tensor], masks: List[Tensor]) -> Tensor:
    c, s = self.rotary(positions, cos, sin)
    eps = float(torch.select(numbers, 0, 0))
    return self.layer(x, c, s, ws, 14 * int(index) + 1, masks, self.setting(settings, 2), self.setting(settings, 0), self.setting(settings, 1), eps, self.setting(settings, 3), self.setting(settings, 5))

  # From the input of the last layer to the weighted cross-entropy of the scored rows over the vocabulary
  # without the mask token.
  #   ->  sum of weight x cross-entropy in nats (scalar), cross-entropy of every row [R]
  def pass_end(self: __torch__.Transformer, x: Tensor, positions: Tensor, cos: Tensor, sin: Tensor, settings: Tensor, numbers: Tensor, rows: Tensor, targets: Tensor, weights: Tensor, ws: List[Tensor], masks: List[Tensor]) -> List[Tensor]:
    c, s = self.rotary(positions, cos, sin)
    eps = float(torch.select(numbers, 0, 0))
    at = torch.len(ws) - 18
    h = self.last_layer(x, c, s, rows, ws, at, masks, self.setting(settings, 2), self.setting(settings, 0), self.setting(settings, 1), eps, self.setting(settings, 3), self.setting(settings, 5))
    y = self.logits(h, ws, self.setting(settings, 4), eps, self.setting(settings, 3))
    nats = torch.cross_entropy_loss(y, targets, annotate(Optional[Tensor], None), 0, -100, 0.)
    return [torch.sum(torch.mul(nats, weights)), torch.detach(nats)]

  # All of it, as `pass_end`
  def loss(self: __torch__.Transformer, ids: Tensor, positions: Tensor, cos: Tensor, sin: Tensor, settings: Tensor, numbers: Tensor, rows: Tensor, targets: Tensor, weights: Tensor, ws: List[Tensor], masks: List[Tensor]) -> List[Tensor]:
    x = self.embed(ids, settings, ws)
    c, s = self.rotary(positions, cos, sin)
    eps = float(torch.select(numbers, 0, 0))
    layers = (torch.len(ws) - 5) // 14
    for i in range(layers - 1):
      x = self.layer(x, c, s, ws, 14 * i + 1, masks, self.setting(settings, 2), self.setting(settings, 0), self.setting(settings, 1), eps, self.setting(settings, 3), self.setting(settings, 5))
    return self.pass_end(x, positions, cos, sin, settings, numbers, rows, targets, weights, ws, masks)

  # One sequence after its past: every token sees the whole past, `mask` says whom else.
  #   ids, positions [N]   past [layers, 2, G, capacity, E], of which `before` = P positions count
  #   mask additive [N, P+N] or empty
  # Where the past has room for N more, the new keys and values go into it behind the P that count:
  # joining copies would cost as much as the attention itself.
  # A head without a row for the mask token gets a column that is never the best, yet finite.
  #   rows [R]  ->  float32 logits [R, V], keys and values of the N tokens [layers, 2, G, N, E]
  def forward(self: __torch__.Transformer, ids: Tensor, positions: Tensor, cos: Tensor, sin: Tensor, past: Tensor, before: int, mask: Tensor, rows: Tensor, ws: List[Tensor], heads: int, groups: int, eps: float, precision: int, in_two: int) -> List[Tensor]:
    x = torch.unsqueeze(torch.embedding(ws[0], ids), 0)
    if precision == 15:
      x = torch.to(x, 6)
    n = x.size(1)
    c = torch.index_select(cos, 0, positions)
    s = torch.index_select(sin, 0, positions)
    layers = (torch.len(ws) - 5) // 14
    fresh = annotate(List[Tensor], [])
    for i in range(layers):
      at = 14 * i + 1
      q, k, v = self.queries_keys_values(x, ws, at, c, s, heads, groups, eps, precision)
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
      o = torch.reshape(torch.transpose(self.attend(q, k, v, mask, False, in_two), 1, 2), [1, n, -1])
      if i == layers - 1:
        x = torch.index_select(x, 1, rows)
        o = torch.index_select(o, 1, rows)
      x = self.finish_layer(x, o, ws, at, eps, precision)
    y = self.logits(torch.select(x, 0, 0), ws, ws[0].size(0), eps, precision)
    missing = torch.sub(ws[0].size(0), y.size(1))
    if missing > 0:
      y = torch.constant_pad_nd(y, [0, missing], -1.0e+30)
    return [torch.to(y, 6), torch.stack(fresh, 0)]

  # table [V, D]   row [D]: replaces row `id` of the table, in place
  def replace_row(self: __torch__.Transformer, table: Tensor, row: Tensor, id: int) -> Tensor:
    return torch.copy_(torch.select(table, 0, id), row)

  # A copy in another number type
  def cast(self: __torch__.Transformer, x: Tensor, precision: int) -> Tensor:
    return torch.to(x, precision, False, True)
