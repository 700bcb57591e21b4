"""Linear algebra with a few very long vectors, such as points of a large model.

A float32 sum over ten million products is off in the fourth digit, and a float64 copy of a
trajectory doesn't fit into memory. So all sums are taken in float64, over a block of columns at a
time, and on the CPU, because some devices don't support float64.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

# Numbers in a block: 8 MiB in float64. Blocks of 32 MiB take longer, and several times the memory,
# because allocators hold on to them.
BLOCK = 2**20
# A trajectory with this many numbers is decomposed in float64 in a second. Its singular values are
# exact to 1e-16 of the largest. For larger trajectories, they are the square roots of the
# eigenvalues of a small matrix of products. That takes a fifteenth of the time and no extra
# memory, but loses everything below √1e-16.
EXACT = 10**6
RESOLVED = 1e-7


def blocks(rows: Tensor, *others: Tensor, origin: Tensor | None = None) -> Iterator[list[Tensor]]:
    """Blocks of columns of matrices `(m, P)`, `(n, P)` …, side by side, in float64.

    The origin `(P,)` is subtracted from the first matrix, in float64 too, so that a small step
    next to a large origin loses no precision.

    >>> [(a.shape, b.dtype) for a, b in blocks(torch.zeros(2, 5), torch.ones(1, 5))]
    [(torch.Size([2, 5]), torch.float64)]
    """
    matrices = [rows, *others] + ([] if origin is None else [origin[None]])
    width = max(1, BLOCK // max(1, sum(map(len, matrices))))
    for columns in zip(*(torch.split(matrix, width, dim=1) for matrix in matrices), strict=True):
        parts = [part.cpu().double() for part in columns]
        if origin is not None:
            parts[0] = parts[0] - parts.pop()
        yield parts


def summed(parts: Iterable[Tensor]) -> Tensor:
    """The sum of tensors of the same shape."""
    return sum(parts, start=torch.zeros(()))


def gram(rows: Tensor, origin: Tensor | None = None) -> Tensor:
    """Inner products of all pairs of rows `(m, P)`, after subtracting an origin `(P,)`.

    The result is `(m, m)`, float64.

    >>> gram(torch.tensor([[3.0, 4.0], [1.0, 0.0]]))
    tensor([[25.,  3.],
            [ 3.,  1.]], dtype=torch.float64)
    """
    return summed(a @ a.T for (a,) in blocks(rows, origin=origin))


def products(rows: Tensor, others: Tensor, origin: Tensor | None = None) -> Tensor:
    """Inner products of rows `(m, P)`, after subtracting an origin `(P,)`, with others `(n, P)`.

    The result is `(m, n)`, float64.

    >>> products(torch.tensor([[3.0, 4.0]]), torch.eye(2), origin=torch.ones(2))
    tensor([[2., 3.]], dtype=torch.float64)
    """
    return summed(a @ b.T for a, b in blocks(rows, others, origin=origin))


def combine(weights: Tensor, rows: Tensor, origin: Tensor | None = None) -> Tensor:
    """`weights @ (rows − origin)`, rounded once: weights `(k, m)`, rows `(m, P)` → `(k, P)`.

    The result is in the dtype of the rows, float32 at least, and on their device.

    >>> combine(torch.tensor([[2.0, -1.0]]).double(), torch.eye(2))
    tensor([[ 2., -1.]])
    """
    dtype, begin = torch.promote_types(rows.dtype, torch.float32), 0
    found = torch.empty(len(weights), rows.shape[1], dtype=dtype, device=rows.device)
    for (a,) in blocks(rows, origin=origin):
        # straight to its place: many parts between large blocks would fragment the memory
        found[:, begin : begin + a.shape[1]] = _like(rows, weights @ a)
        begin += a.shape[1]
    return found


def lengths_and_cosines(directions: Tensor) -> tuple[Tensor, Tensor]:
    """Lengths `(k,)` of directions `(k, P)`, and their cosines `(k, k)`.

    >>> lengths_and_cosines(torch.tensor([[3.0, 4.0], [1.0, 0.0]]))[1]
    tensor([[1.0000, 0.6000],
            [0.6000, 1.0000]], dtype=torch.float64)
    """
    squares = gram(directions)
    lengths = squares.diagonal().sqrt()
    return lengths, squares / lengths / lengths[:, None]


def least_squares(points: Tensor, directions: Tensor, origin: Tensor | None = None) -> Tensor:
    """Coordinates α for which `origin + α @ directions` is nearest to points `(m, P)`: `(m, k)`.

    Solved for directions of length 1, so that a short one counts as much as a long one, in float64.

    >>> least_squares(torch.tensor([[1.0, 2.0, 9.0]]), torch.tensor([[1.0, 0, 0], [1, 4, 0]]))
    tensor([[0.5000, 0.5000]], dtype=torch.float64)
    """
    lengths, cosines = lengths_and_cosines(directions)
    projected = products(points, directions, origin) / lengths
    unit: Tensor = torch.linalg.solve(cosines, projected.T)
    return unit.T / lengths


def distances(points: Tensor, directions: Tensor, origin: Tensor) -> Tensor:
    """Distances of points `(m, P)` from the plane `origin + α @ directions`: `(m,)`, float64."""
    alpha = least_squares(points, directions, origin)
    pairs = blocks(points, directions, origin=origin)
    return summed((a - alpha @ d).square().sum(dim=1) for a, d in pairs).sqrt()


def variances(points: Tensor, directions: Tensor) -> tuple[Tensor, Tensor]:
    """Sums of squares of centred points `(m, P)`, float64: along each direction and in total.

    The directions `(k, P)` are orthogonalised one after the other; the first result is `(k,)`.

    >>> variances(torch.tensor([[0.0, 0.0], [2.0, 6.0]]), torch.tensor([[5.0, 0.0]]))
    (tensor([2.], dtype=torch.float64), tensor(20., dtype=torch.float64))
    """
    lengths, cosines = lengths_and_cosines(directions)
    projected, squares = torch.zeros(()), torch.zeros(())
    for a, d in blocks(points, directions):
        a = a - a.mean(dim=0)
        projected, squares = projected + a @ d.T / lengths, squares + a.square().sum()
    transform = orthonormalising(cosines)
    return (projected @ transform.T).square().sum(dim=0), squares


def orthonormalising(cosines: Tensor) -> Tensor:
    """The matrix `(k, k)` that makes unit vectors with these cosines orthonormal, one by one.

    >>> orthonormalising(torch.tensor([[1.0, 0.6], [0.6, 1.0]]))  # the second minus .6 · the first
    tensor([[ 1.0000,  0.0000],
            [-0.7500,  1.2500]])
    """
    transform: Tensor = torch.linalg.inv(torch.linalg.cholesky(cosines))
    return transform


class Components(NamedTuple):
    """The first principal components of a trajectory `(T, P)`.

    Attributes:
        directions: perpendicular, of length 1, shape `(dims, P)`, in the dtype of the points,
            float32 at least. Those whose singular value is 0 are meaningless.
        singular_values: all of them, largest first; 0 where they are lost in rounding errors.
        coordinates: coordinates of the centred points, shape `(T, dims)`.
        total: sum of squares of all centred points.
    """

    directions: Tensor
    singular_values: Tensor
    coordinates: Tensor
    total: Tensor


def principal_components(points: Tensor, dims: int, across: bool = False) -> Components:
    """The first `dims` principal components of a trajectory `(T, P)`.

    Args:
        points: the trajectory.
        dims: how many, at most T and P.
        across: whether to leave out the part along the line from the first to the last point.

    >>> zigzag = torch.tensor([[0.0, 0, 0], [1, 3, 0], [2, -3, 0], [3, 0, 0]])
    >>> principal_components(zigzag, 1, across=True).directions.abs()
    tensor([[0., 1., 0.]])
    """
    T, P = points.shape
    if T * P <= EXACT:
        return _by_decomposition(points, dims, across)
    return (_by_covariance if P <= T else _by_gram)(points, dims, across)


def _by_decomposition(points: Tensor, dims: int, across: bool) -> Components:
    """From the singular values of the trajectory itself."""
    x = points.cpu().double()
    line = x[-1] - x[0]
    x = x - x.mean(dim=0)
    total = x.square().sum()
    if across:
        x = x - torch.outer(x @ line, line / line.square().sum())
    u, singular_values, v = torch.linalg.svd(x, full_matrices=False)
    return Components(
        _like(points, v[:dims]), singular_values, (u * singular_values)[:, :dims], total
    )


def _by_covariance(points: Tensor, dims: int, across: bool) -> Components:
    """From the P×P inner products of parameters, for many points with few parameters."""
    centre = summed(a.sum(dim=1) for (a,) in blocks(points.T)) / len(points)
    G = summed(a @ a.T for a in (a - centre[:, None] for (a,) in blocks(points.T)))
    total = G.trace()
    if across:
        line = points[-1].cpu().double() - points[0].cpu().double()
        rest = torch.eye(len(line)).double() - torch.outer(line, line / line.square().sum())
        G = rest @ G @ rest
    singular_values, v = _decomposed(G, total)
    coordinates = products(points, v[:dims], origin=centre)
    return Components(_like(points, v[:dims]), singular_values, coordinates, total)


def _by_gram(points: Tensor, dims: int, across: bool) -> Components:
    """From the T×T inner products of points, for points with many parameters.

    With centred points x, a principal component is u @ x / σ, where u is an eigenvector of x @ x.T
    and σ² its eigenvalue. Centring x and leaving out a part of it are done on the products and
    weights, so that the trajectory is never copied. The last point serves as the origin.
    """
    G = gram(points, origin=points[-1])
    noise, length = G.trace(), G[0, 0].sqrt()
    along = -G[0] / length  # how far along the line each point is, measured from the last
    total = _centred(G).trace()
    if across:
        G = G - torch.outer(along, along)
    singular_values, u = _decomposed(_centred(G), noise)
    weights = u[:dims] / singular_values[:dims, None].clamp(min=1e-300)
    if across:
        weights[:, 0] += weights @ along / length
    coordinates = (u[:dims] * singular_values[:dims, None]).T
    if not singular_values[:dims].all():
        return Components(_like(points, points[:dims]), singular_values, coordinates, total)
    directions = combine(weights, points, origin=points[-1])
    # the smaller σ is, the less perpendicular they are: the products have lost those digits
    lengths, cosines = lengths_and_cosines(directions)
    directions = combine(orthonormalising(cosines) / lengths, directions)
    return Components(directions, singular_values, coordinates, total)


def _centred(G: Tensor) -> Tensor:
    """The Gram matrix of centred points, from that of the points themselves."""
    G = G - G.mean(dim=0)
    return G - G.mean(dim=1, keepdim=True)


def _decomposed(G: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
    """Singular values of a matrix and its singular vectors, in rows, from its Gram matrix.

    Largest first; those lost in rounding errors, relative to the total of the squares, are 0.
    """
    values, vectors = torch.linalg.eigh(G)
    values = torch.where(values > RESOLVED**2 * total, values, 0.0)
    return values.flip(0).sqrt(), vectors.T.flip(0)


def _like(points: Tensor, values: Tensor) -> Tensor:
    """Float64 values in the dtype of points, float32 at least, and on their device."""
    dtype = torch.promote_types(points.dtype, torch.float32)
    return values.to(dtype).to(points.device)
