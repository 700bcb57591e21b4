"""When two tensors count as equal, and how to get a different point."""

import math

import torch
from torch import Tensor


def perturbed(parameters: dict[str, Tensor], size: float) -> dict[str, Tensor]:
    """Another point: each parameter plus Gaussian noise of `size` times its root mean square.

    For a parameter that is 0, the scale of a newly initialised layer is used instead.
    """
    generator = torch.Generator().manual_seed(0)

    def moved(p: Tensor) -> Tensor:
        fan_in = p.numel() / max(1, len(p)) if p.ndim > 1 else 1.0
        scale = p.square().mean().sqrt().item() or fan_in**-0.5
        return p + size * scale * torch.randn(p.shape, generator=generator).to(p)

    return {name: moved(p.detach()) for name, p in parameters.items()}


def close(a: Tensor, b: Tensor) -> bool:
    """Equal up to rounding."""
    if a.shape != b.shape:
        return False
    if a.is_complex() and b.is_complex():
        a, b = torch.view_as_real(a.resolve_conj()), torch.view_as_real(b.resolve_conj())
    if not a.is_floating_point():
        return torch.equal(a, b)
    eps = torch.finfo(a.dtype).eps
    size = b.abs().nan_to_num(0, 0, 0).max().item() if b.numel() else 0.0
    return torch.allclose(a, b, rtol=math.sqrt(eps), atol=math.sqrt(eps) * size, equal_nan=True)


def equal(a: Tensor, b: Tensor) -> bool:
    """Exactly equal, with nan equal to nan."""
    return torch.equal(a, b) or torch.allclose(a, b, rtol=0, atol=0, equal_nan=True)
