class PrecisionCalibration(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x [M, in]   w [out, in]   ->  [M, out]; both sides are cast on the way, as in a training step
  def product(self: __torch__.PrecisionCalibration, x: Tensor, w: Tensor, precision: int) -> Tensor:
    return torch.linear(torch.to(x, precision), torch.to(w, precision))

