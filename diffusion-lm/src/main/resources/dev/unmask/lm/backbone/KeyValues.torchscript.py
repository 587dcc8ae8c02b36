# Keys and values of cached tokens: [layers, 2, G, capacity, E], G key/value heads, E head width.
class KeyValues(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Copies `source` over positions at.. of a cache, in place
  def write(self: __torch__.KeyValues, cache: Tensor, source: Tensor, at: int) -> Tensor:
    return torch.copy_(torch.slice(cache, 3, at, at + source.size(3)), source)

  # Positions from..to of keys and values, a copy
  def slice(self: __torch__.KeyValues, cache: Tensor, start: int, end: int) -> Tensor:
    return torch.clone(torch.slice(cache, 3, start, end))

  # Positions 0..length of a cache, sharing its memory
  def view(self: __torch__.KeyValues, cache: Tensor, length: int) -> Tensor:
    return torch.slice(cache, 3, 0, length)

  # An empty cache of `capacity` positions
  def cache(self: __torch__.KeyValues, like: Tensor, capacity: int) -> Tensor:
    return torch.new_empty(like, [like.size(0), like.size(1), like.size(2), capacity, like.size(4)])
