class MatrixRate(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x of any shape, cast to number type `precision`
  def cast(self: __torch__.MatrixRate, x: Tensor, precision: int) -> Tensor:
    return torch.to(x, precision)

  # x [M, K]   w [N, K]   ->  [M, N]; nothing but the product
  def product(self: __torch__.MatrixRate, x: Tensor, w: Tensor) -> Tensor:
    return torch.linear(x, w)
