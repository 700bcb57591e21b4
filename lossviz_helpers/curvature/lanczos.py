"""Extreme eigenvalues of a symmetric matrix known only through its products with vectors."""

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

CHUNK = 2**16  # columns of a basis that are combined at once
VANISHED = 1e-10  # relative size of the noise added to a vector, in case the vector vanishes


class Ritz(NamedTuple):
    """Approximate eigenpairs, the best in the subspace spanned so far.

    Attributes:
        values: shape `(k,)`, the most extreme first.
        vectors: shape `(k, P)`, orthonormal rows.
        residuals: ‖Hv − λv‖ of each, shape `(k,)`.
        scale: the largest absolute value of all Ritz values so far.
        noise: estimated norm of the rounding errors in a product.
    """

    values: Tensor
    vectors: Tensor
    residuals: Tensor
    scale: float
    noise: float

    def converged(self, tolerance: float) -> bool:
        """Whether all residuals are small relative to the scale, or as small as rounding allows."""
        return self.residuals.max().item() <= max(tolerance * self.scale, 2 * self.noise)


def block_lanczos(
    product: Callable[[Tensor], Tensor],
    P: int,
    k: int,
    which: str,
    tolerance: float,
    max_products: int,
    max_basis: int | None = None,
    device: torch.device | str = "cpu",
    start: Tensor | None = None,
) -> tuple[Ritz, int]:
    """The k lowest or highest eigenpairs of a symmetric matrix, by the block Lanczos method.

    A block of k vectors finds up to k equal eigenvalues (Golub & Underwood 1977). Each new block
    is the product of the matrix with the last one, orthogonalised against all previous vectors;
    directions that vanish are replaced by random ones. When the basis is full, the method restarts
    with the best half of the Ritz vectors (thick restart, Wu & Simon 2000). If the basis can hold P
    vectors, the space is complete after P products, and the result is exact.
    See Saad, Numerical Methods for Large Eigenvalue Problems (2011), chapters 7 and 8.

    Args:
        product: H·v for every row v of a float64 tensor `(n, P)`, in the same shape and dtype.
        P: rows of the matrix.
        k: how many eigenpairs.
        which: "lowest" or "highest".
        tolerance: the largest residual to accept, relative to the largest eigenvalue.
        max_products: stop after this many products, converged or not.
        max_basis: how many vectors and products to keep, at least 3·k unless that is more than P;
            None for all.
        device: where to compute; it must support float64.
        start: the first block, shape `(k, P)`, such as eigenvectors of a matrix that is nearly the
            same; None for random vectors. An eigenvector that is perpendicular to all of it is
            never found, so keep a random part in it.

    Returns:
        Eigenpairs, and how many products were computed.

    >>> H = torch.diag(torch.arange(100.0, dtype=torch.float64))
    >>> found, products = block_lanczos(lambda v: v @ H, 100, 2, "lowest", 1e-6, max_products=100)
    >>> [round(value, 6) for value in found.values.abs().tolist()]
    [0.0, 1.0]
    """
    max_basis = min(P, max(3 * k, max_basis or P))
    generator = torch.Generator().manual_seed(0)

    def new_block(block: Tensor, basis: Tensor) -> Tensor:
        noise = torch.randn(block.shape, generator=generator, dtype=torch.float64)
        return _orthonormal(block, basis, noise.to(device) / math.sqrt(P))

    basis, products = torch.empty(2, max_basis, P, dtype=torch.float64, device=device)
    size = made = checked = 0
    block = new_block(basis.new_zeros(k, P) if start is None else start, basis[:0])
    scale = 0.0
    while True:
        new = slice(size, size + len(block))
        basis[new], products[new] = block, product(block)
        size, made = new.stop, made + len(block)
        done, full = made >= max_products or size == P, size + k > max_basis
        # the Rayleigh-Ritz step costs as much as several blocks, so it isn't done after every one
        if done or full or size >= 1.1 * checked:
            checked = size
            found, combinations = _rayleigh_ritz(basis[:size], products[:size], k, which, scale)
            scale = found.scale
            if done or found.converged(tolerance):
                return found, made
        block = new_block(products[new][: min(P - size, max_products - made)], basis[:size])
        if full and max_basis < P:
            size = checked = max(k, max_basis // 2)
            for rows in (basis, products):
                _combine(rows, combinations[:size])


def whole_matrix(
    product: Callable[[Tensor], Tensor],
    P: int,
    k: int,
    which: str,
    device: torch.device | str = "cpu",
) -> Ritz:
    """The k lowest or highest eigenpairs, from the products with all standard basis vectors.

    Args:
        product, P, k, which, device: as in `block_lanczos`.

    >>> whole_matrix(lambda v: 3 * v, 2, 1, "highest").values
    tensor([3.], dtype=torch.float64)
    """
    identity = torch.eye(P, dtype=torch.float64, device=device)
    return _rayleigh_ritz(identity, product(identity), k, which, 0.0)[0]


def basis_size_for(P: int, budget: int) -> int:
    """How many vectors, with their products, `block_lanczos` can keep in `budget` bytes.

    m of them need 16·m·P bytes, and a quarter more while they are combined; an m×m matrix and its
    eigenvectors need 40·m² bytes.

    >>> basis_size_for(10**6, 10**9), basis_size_for(1000, 10**9)
    (49, 4756)
    """
    return int(P / 4 * (math.sqrt(1 + 0.4 * budget / P**2) - 1))


def _orthonormal(block: Tensor, basis: Tensor, noise: Tensor) -> Tensor:
    """Rows orthonormalised against a basis and each other; those that vanish become noise."""
    lengths = block.norm(dim=1, keepdim=True)
    block = block / lengths.clamp_min(torch.finfo(block.dtype).tiny) + VANISHED * noise
    for _ in range(3):  # twice is enough (Parlett), but the first pass may leave only noise
        block = block - (block @ basis.T) @ basis
        block = torch.linalg.qr(block.T).Q.T
    return block


def _rayleigh_ritz(
    basis: Tensor, products: Tensor, k: int, which: str, scale: float
) -> tuple[Ritz, Tensor]:
    """The k extreme Ritz pairs, and all Ritz vectors as combinations of the basis, best first."""
    T = basis @ products.T
    values, combinations = torch.linalg.eigh((T + T.T) / 2)
    if which == "highest":
        values, combinations = values.flip(0), combinations.flip(1)
    combinations, scale = combinations.T, max(scale, values.abs().max().item())
    best = combinations[:k]
    vectors = best @ basis
    residuals = (best @ products - values[:k, None] * vectors).norm(dim=1)
    # T is symmetric, except for the rounding errors in the products
    error = (T - T.T).norm().item() / len(T) / math.sqrt(2)
    noise = error * math.sqrt(basis.shape[1])
    return Ritz(values[:k], vectors, residuals, scale, noise), combinations


def _combine(rows: Tensor, combinations: Tensor) -> None:
    """Replace the first rows with combinations of all rows, using little memory."""
    m, n = combinations.shape
    for part in torch.split(rows, CHUNK, dim=1):
        part[:m] = combinations @ part[:n]
