"""Saddles: data that make one, where to find one, and whether a plane shows it."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..curvature import gradient, hessian
from ..datasets import Dataset, diagonal
from ..objective import Objective
from .scenarios import PLANES, Clusters

CLEAR = 5e-3  # an eigenvalue is clearly negative below −CLEAR times the largest in magnitude


def centred_diagonal(n: int, scale: float = 1.0, seed: int = 0) -> Dataset:
    """The diagonal data, with inputs and targets centred at 0, and targets multiplied by `scale`.

    >>> data = centred_diagonal(100)
    >>> bool(data.x.mean(dim=0).norm() < 1e-12 and data.y.mean().abs() < 1e-12)
    True
    """
    x, y = diagonal(n, seed)
    return Dataset(x - x.mean(dim=0), scale * (y - y.mean()))


class _Formula(nn.Module):
    """A model that outputs a formula of its parameters, whatever the input."""

    def __init__(self, formula: Callable[[Tensor], Tensor], P: int):
        super().__init__()
        self.theta = nn.Parameter(torch.zeros(P, dtype=torch.float64))
        self.formula = formula

    def forward(self, x: Tensor) -> Tensor:
        return self.formula(self.theta).expand(len(x))


def _mean_output(outputs: Tensor, targets: Tensor) -> Tensor:
    return outputs.mean()


def landscape_of(formula: Callable[[Tensor], Tensor], P: int) -> Objective:
    """The landscape L(θ) = formula(θ), float64.

    >>> L = landscape_of(lambda t: t[0] ** 2 - t[1] ** 2, P=2)
    >>> L(torch.tensor([2.0, 1.0]))
    tensor(3., dtype=torch.float64)
    """
    unused = torch.zeros(1, 1, dtype=torch.float64)
    return Objective(_Formula(formula, P), (unused, unused[0]), _mean_output)


def clusters(of: Clusters, seed: int = 0) -> Dataset:
    """Normally distributed points around normally distributed centres, a centre per class.

    Returns:
        `Dataset` with x of shape `(classes · each, inputs)`, and y of shape
        `(classes · each, classes)`: 1 for the right class, 0 for the others; float64.

    >>> from lossviz_helpers.course.scenarios import CLUSTERS
    >>> x, y = clusters(CLUSTERS)
    >>> x.shape, y.sum(dim=0)
    (torch.Size([60, 64]), tensor([20., 20., 20.], dtype=torch.float64))
    """
    generator = torch.Generator().manual_seed(seed)
    centres = torch.randn(of.classes, of.inputs, generator=generator, dtype=torch.float64)
    x = centres.repeat_interleave(of.each, dim=0)
    noise = torch.randn(x.shape, generator=generator, dtype=torch.float64)
    y = torch.eye(of.classes, dtype=torch.float64).repeat_interleave(of.each, dim=0)
    return Dataset(x + of.noise * noise, y)


def clearly_negative(values: Tensor) -> Tensor:
    """How many eigenvalues are below −0.5% of the largest in magnitude, `(..., P)` → `(...)`.

    >>> clearly_negative(torch.tensor([-0.1, -0.001, 0.0, 1.0]))
    tensor(1)
    """
    return (values < -CLEAR * values.abs().amax(dim=-1, keepdim=True)).sum(dim=-1)


def flat_place(L: Objective, theta: Tensor, steps: int = 200) -> Tensor:
    """A point near θ where the gradient is zero, be it a minimum, a maximum or a saddle.

    Damped Newton steps that shorten the gradient g, Δθ = −(H² + μ)⁻¹Hg (Levenberg 1944, for |g|²).
    They stop when its norm is below 1e-12.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        steps: the largest number of steps; the last point is returned even if it isn't stationary.

    >>> from lossviz_helpers import model_3, squared_error
    >>> L = Objective(model_3(output="linear"), centred_diagonal(100), squared_error)
    >>> found = flat_place(L, 0.1 * L.point())
    >>> bool(found.norm() < 0.5 and gradient(L, found).norm() < 1e-6)
    True
    """
    slope, damping = gradient(L, theta), 1e-2
    identity = torch.eye(L.P).to(slope)
    for _ in range(steps):
        if slope.norm() < 1e-12:
            break
        H = hessian(L, theta)
        moved = theta - torch.linalg.solve(H @ H + damping * identity, H @ slope)
        new_slope = gradient(L, moved)
        if new_slope.norm() < slope.norm():
            theta, slope, damping = moved, new_slope, damping / 4
        else:
            damping *= 4
    return theta


def random_planes(P: int, planes: int = PLANES, seed: int = 0) -> Tensor:
    """Pairs of perpendicular random directions of length 1, shape `(planes, P, 2)`.

    >>> random_planes(13, planes=5).shape
    torch.Size([5, 13, 2])
    """
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(planes, P, 2, generator=generator, dtype=torch.float64)
    found: Tensor = torch.linalg.qr(drawn).Q
    return found


def curve_down(H: Tensor, planes: Tensor) -> Tensor:
    """Whether the loss curves down along some direction of each plane, shape `(planes,)`.

    On a plane with the perpendicular unit directions Q, the Hessian is the 2×2 matrix QᵀHQ.

    Args:
        H: a Hessian, shape `(P, P)`.
        planes: directions in columns, shape `(planes, P, 2)`.

    >>> axes = torch.stack([torch.eye(3)[:, :2], torch.eye(3)[:, 1:]])
    >>> curve_down(torch.diag(torch.tensor([-1.0, 1.0, 2.0])), axes)
    tensor([ True, False])
    """
    on_planes = planes.mT @ (H.to(planes) @ planes)
    lowest: Tensor = torch.linalg.eigvalsh(on_planes)[:, 0]
    return lowest < 0
