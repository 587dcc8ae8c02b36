# Three linear layers told the logarithm of the noise: the smallest score network, for points.
#
# Axes: B points, D coordinates, H hidden.
# The weights `ws`: [H, D+1], [H], [H, H], [H], [D, H], [D]; any floating point type.
class ScorePerceptron(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x [B, D]   sigma [B, 1]  ->  [B, D]; divided by sigma, as true scores grow where noise is small
  def score(self: __torch__.ScorePerceptron, x: Tensor, sigma: Tensor, ws: List[Tensor]) -> Tensor:
    h = torch.silu(torch.linear(torch.cat([x, torch.log(sigma)], 1), ws[0], ws[1]))
    h = torch.silu(torch.linear(h, ws[2], ws[3]))
    return torch.div(torch.linear(h, ws[4], ws[5]), sigma)

  # Denoising score matching: mean over points of weight x |score + noise / sigma|^2.
  #   x, noise [B, D]   sigma [B, 1]   weights [B]  ->  scalar, unweighted error of each point [B]
  def loss(self: __torch__.ScorePerceptron, x: Tensor, noise: Tensor, sigma: Tensor, weights: Tensor, ws: List[Tensor]) -> List[Tensor]:
    s = self.score(x, sigma, ws)
    errors = torch.sum(torch.square(torch.add(s, torch.div(noise, sigma))), [1])
    return [torch.mean(torch.mul(weights, errors)), torch.detach(errors)]
