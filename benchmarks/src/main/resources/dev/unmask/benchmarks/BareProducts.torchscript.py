class BareProducts(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def cast(self: __torch__.BareProducts, x: Tensor, precision: int) -> Tensor:
    return torch.to(x, precision, False, True)

  # xs [rows, in] and weights [out, in], pair by pair  ->  the last product
  def products(self: __torch__.BareProducts, xs: List[Tensor], weights: List[Tensor]) -> Tensor:
    y = xs[0]
    for i in range(torch.len(xs)):
      y = torch.linear(xs[i], weights[i])
    return y

  # The same of whole numbers, int8 to int32
  def int8_products(self: __torch__.BareProducts, xs: List[Tensor], weights: List[Tensor]) -> Tensor:
    y = xs[0]
    for i in range(torch.len(xs)):
      y = torch._int_mm(xs[i], torch.t(weights[i]))
    return y

  # q [H, N, E]   keys, values: a layer's each, [H, keys, E]  ->  [H, N, E] of the last layer
  def attention_products(self: __torch__.BareProducts, q: Tensor, keys: List[Tensor], values: List[Tensor]) -> Tensor:
    y = q
    for i in range(torch.len(keys)):
      y = torch.matmul(torch.matmul(q, torch.transpose(keys[i], -2, -1)), values[i])
    return y
