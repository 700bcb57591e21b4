"""Gauss quadrature of a symmetric matrix's spectrum, by the Lanczos method."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor


class Quadrature(NamedTuple):
    """The spectrum as one or more vectors see it: Σ weight · f(node) ≈ vᵀf(H)v / vᵀv.

    Attributes:
        nodes: ascending, shape `(n, m)`.
        weights: non-negative, summing to 1, shape `(n, m)`.
        residuals: ‖Hy − node·y‖ of each node's Ritz vector y, shape `(n, m)`.
    """

    nodes: Tensor
    weights: Tensor
    residuals: Tensor


def lanczos_quadrature(
    product: Callable[[Tensor], Tensor], starts: Tensor, steps: int, noise: float = 0.0
) -> tuple[Quadrature, int]:
    """The Gauss quadrature of a spectrum as each starting vector sees it.

    m steps of the Lanczos method from v give a tridiagonal matrix T. Its eigenvalues are the nodes,
    and the squared first entries of its eigenvectors are the weights, of Gauss quadrature for
    f ↦ vᵀf(H)v, exact for polynomials up to degree 2m − 1 (Golub & Welsch 1969; Golub & Meurant
    2010, chapters 3 and 4). Each new vector is orthogonalised twice against all previous ones;
    otherwise Lanczos finds copies of eigenvalues that it has already found.

    Args:
        product: H·v for every row v of a float64 tensor `(n, P)`, in the same shape and dtype.
        starts: starting vectors v of any length, shape `(n, P)`, float64.
        steps: m, at most P.
        noise: rounding error in a product, relative to its norm. If the Krylov space of a starting
            vector is exhausted to that precision, Lanczos stops there, and the quadrature is exact.

    Returns:
        The `Quadrature`, and how many products were computed. Where Lanczos stopped after fewer
        than m steps, the last node is repeated, with weight 0.

    >>> H, v = torch.tensor([1.0, 1.0, 4.0]).double(), torch.ones(1, 3).double()
    >>> found, products = lanczos_quadrature(lambda v: v * H, v, steps=3, noise=1e-15)
    >>> products
    2
    >>> torch.stack([found.nodes[0], found.weights[0]]).float()
    tensor([[1.0000, 4.0000, 4.0000],
            [0.6667, 0.3333, 0.0000]])
    """
    n, P = starts.shape
    basis = starts.new_empty(n, steps, P)
    T = starts.new_zeros(2, n, steps)  # its diagonal and its off-diagonal
    sizes = torch.full((n,), steps)
    going, vectors, made, scale = torch.arange(n), _unit(starts), 0, 0.0
    for step in range(steps):
        basis[going, step] = vectors
        rest = product(vectors)
        made += len(going)
        T[0, going, step] = (rest * vectors).sum(dim=1)
        scale = max(scale, rest.norm(dim=1).max().item())
        for i, row in zip(going.tolist(), rest, strict=True):
            for _ in range(2):  # twice is enough (Parlett 1998, section 6.9)
                row -= (basis[i, : step + 1] @ row) @ basis[i, : step + 1]
        lengths = rest.norm(dim=1)
        T[1, going, step] = lengths
        ends = (lengths <= noise * scale).cpu()
        sizes[going[ends]] = step + 1
        going, vectors = going[~ends], _unit(rest[~ends.to(rest.device)])
        if not len(going):
            break
    rules = [_gauss(T[:, i, :size], steps) for i, size in enumerate(sizes.tolist())]
    return Quadrature(*map(torch.stack, zip(*rules, strict=True))), made


def _gauss(T: Tensor, length: int) -> tuple[Tensor, Tensor, Tensor]:
    """Nodes, weights and residuals, padded to a length, from a tridiagonal matrix `(2, m)`."""
    diagonal, off_diagonal = T
    off = torch.diag(off_diagonal[:-1], 1)
    nodes, vectors = torch.linalg.eigh(torch.diag(diagonal) + off + off.T)
    residuals = (off_diagonal[-1] * vectors[-1]).abs()
    missing = length - len(nodes)
    return (
        torch.cat([nodes, nodes[-1:].expand(missing)]),
        torch.cat([vectors[0].square(), nodes.new_zeros(missing)]),
        torch.cat([residuals, nodes.new_zeros(missing)]),
    )


def _unit(rows: Tensor) -> Tensor:
    return torch.nn.functional.normalize(rows, dim=1)
