class AdamW(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Scales the gradients so that their joint L2 norm is at most `limit`  ->  the norm before, scalar
  def clip(self: __torch__.AdamW, gradients: List[Tensor], limit: float) -> Tensor:
    norm = torch.norm(torch.stack(torch._foreach_norm(gradients, 2), 0), 2)
    scale = torch.clamp(torch.div(limit, torch.add(norm, 1e-6)), None, 1.)
    torch._foreach_mul_(gradients, scale)
    return norm

  # One fused AdamW update in place; `steps` count from 1
  def update(self: __torch__.AdamW, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> Tensor:
    torch._fused_adamw_(weights, gradients, first, second, annotate(List[Tensor], []), steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
    return weights[0]

  # average += weight (value - average), in place
  def average(self: __torch__.AdamW, averages: List[Tensor], values: List[Tensor], weight: float) -> Tensor:
    torch._foreach_lerp_(averages, values, weight)
    return averages[0]

  def copy(self: __torch__.AdamW, targets: List[Tensor], sources: List[Tensor]) -> Tensor:
    torch._foreach_copy_(targets, sources)
    return targets[0]

  def zero(self: __torch__.AdamW, tensors: List[Tensor]) -> Tensor:
    torch._foreach_zero_(tensors)
    return tensors[0]
