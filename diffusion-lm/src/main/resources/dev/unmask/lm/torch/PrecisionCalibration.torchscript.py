class PrecisionCalibration(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x [M, in]   w [out, in]   ->  [M, out]; what is not yet in that number type is cast on the way
  def product(self: __torch__.PrecisionCalibration, x: Tensor, w: Tensor, precision: int) -> Tensor:
    return torch.linear(torch.to(x, precision), torch.to(w, precision))

  # A copy in another number type
  def cast(self: __torch__.PrecisionCalibration, x: Tensor, precision: int) -> Tensor:
    return torch.to(x, precision, False, True)
