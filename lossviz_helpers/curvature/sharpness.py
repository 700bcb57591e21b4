"""How sharp a minimum is: measures in common use, and what each of them misses."""

import math

import torch
from scipy.optimize import brentq
from torch import Tensor

from ..objective import Objective, check_objective
from ..slices import Slice
from .derivatives import DENSE_PARAMETERS, gradient, hessian, hvp, points_at_once
from .eigenvalues import eigenpairs
from .measures import measure


class Estimate(float):
    """A number that was estimated from samples, with its standard error.

    Args:
        value: the mean over the samples.
        error: its standard error.

    Attributes:
        error: the standard error of the mean over the samples; 0 if the number is exact.

    >>> Estimate(3.0, error=0.5)
    3.0 ± 0.5
    >>> Estimate(3.0, error=0.5) + 1
    4.0
    """

    error: float

    def __new__(cls, value: float, error: float = 0.0) -> "Estimate":
        estimate = super().__new__(cls, value)
        estimate.error = error
        return estimate

    def __repr__(self) -> str:
        return f"{float(self)!r} ± {self.error:.2g}" if self.error else float.__repr__(self)


# Values on the bowl ½ Σ cᵢθᵢ², for the list of measures


def _bowl(c: Tensor, theta: Tensor) -> float:
    return (c * theta.square()).sum().item() / 2


def _highest_corner(c: Tensor, theta: Tensor, epsilon: float = 1e-3) -> float:
    corner = theta.abs() + epsilon * (theta.abs() + 1)
    return 100 * (_bowl(c, corner) - _bowl(c, theta)) / (1 + _bowl(c, theta))


def _mean_rise(c: Tensor, theta: Tensor, radius: float = 0.5) -> float:
    # ‖d‖ = ‖θ‖ for a random direction d, and what is linear in d cancels between d and −d
    return radius**2 / 2 * c.mean().item() * theta.square().sum().item()


def _highest_in_ball(c: Tensor, theta: Tensor, rho: float = 0.5) -> float:
    # With δ = θu the bowl is ½ Σ a(1 + u)², a = cθ². It is highest where a(1 + u) = μu, ‖u‖ = ρ.
    a = (c * theta.square()).double()

    def u(mu: float) -> Tensor:
        return a / (mu - a)

    top = a.max().item()
    mu = brentq(lambda mu: u(mu).norm().item() - rho, top * (1 + 1e-9), top * (1 + len(a) / rho))
    return (a * ((1 + u(mu)) ** 2 - 1)).sum().item() / 2


@measure(on_a_bowl=lambda c, theta: c.max().item())
def top_eigenvalue(L: Objective, theta: Tensor) -> float:
    """The largest curvature: the top eigenvalue of the Hessian.

    Gradient descent is stable where it is below 2 divided by the learning rate (Cohen et al. 2021).
    *Not* invariant to rescaling layers (Dinh et al. 2017). `eigenpairs` gives its direction too.

    Args:
        L: the landscape.
        theta: shape `(P,)`.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if the loss isn't finite at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> top = torch.linalg.eigvalsh(hessian(L, torch.zeros(2)))[-1].item()
    >>> math.isclose(top_eigenvalue(L, torch.zeros(2)), top)
    True
    """
    check_objective(L)
    theta = _finite(L, theta)[0]
    return eigenpairs(L, theta, 1, "highest", progress=False).values.item()


@measure(on_a_bowl=lambda c, theta: c.sum().item())
def trace(L: Objective, theta: Tensor, samples: int = 100, seed: int = 0) -> Estimate:
    """Trace of the Hessian: the sum of all curvatures.

    Exact up to 500 parameters; above that, Hutchinson's estimate (1990): the mean of vᵀHv over
    random ±1 (Rademacher) vectors v. *Not* invariant to rescaling layers (Dinh et al. 2017): the
    same function can have many traces.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        samples: number of Rademacher vectors in the estimate.
        seed: seed for these vectors.

    Returns:
        A number. Its `error` is the standard error of the estimate: 0 if it is exact, and inf for a
        single sample, which says nothing about the error.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if samples is less than 1, or the loss isn't finite at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> x = datasets.diagonal().x
    >>> math.isclose(trace(L, torch.zeros(2)), 2 * (x**2).sum() / len(x), rel_tol=1e-6)
    True
    """
    check_objective(L)
    if samples < 1:
        raise ValueError(f"samples must be at least 1, got {samples}")
    theta = _finite(L, theta)[0]
    if L.P <= DENSE_PARAMETERS:
        return Estimate(hessian(L, theta).trace().item())
    generator, found = torch.Generator().manual_seed(seed), []
    for chunk in torch.split(torch.arange(samples), points_at_once(L, 2)):
        signs = 2.0 * torch.randint(0, 2, (len(chunk), L.P), generator=generator) - 1
        signs = L.check_points(signs)
        found.append((signs * hvp(L, theta, signs)).sum(dim=1))
    estimates = torch.cat(found).cpu().double()
    error = estimates.std().item() / math.sqrt(samples) if samples > 1 else math.inf
    return Estimate(estimates.mean().item(), error)


@measure(on_a_bowl=_highest_corner)
def epsilon_sharpness(L: Objective, theta: Tensor, epsilon: float = 1e-3, steps: int = 20) -> float:
    """How far the loss rises, at most, in a small box around a point, as a percentage of 1 + L.

    φ = 100 · (max L(θ + δ) − L(θ)) / (1 + L(θ)) over |δᵢ| ≤ ε·(|θᵢ| + 1)  (Keskar et al. 2017,
    metric 2.1, on the whole space). We search for the maximum by projected gradient ascent, so
    this is a lower bound. *Not* invariant to rescaling layers, although the box grows with θ.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        epsilon: size of the box.
        steps: number of ascent steps.

    Raises:
        ValueError: if epsilon isn't positive, or the loss isn't finite at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> epsilon_sharpness(L, torch.zeros(2), 1e-2) > epsilon_sharpness(L, torch.zeros(2), 1e-3) > 0
    True
    """
    check_objective(L)
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive, got {epsilon}")
    theta, loss = _finite(L, theta)
    box = epsilon * (theta.abs() + 1)
    delta, highest = torch.zeros_like(theta), loss
    for _ in range(steps):
        # the gradient's signs lead to a corner of the box, where a convex loss is highest
        uphill = gradient(L, theta + delta).sign()
        if not uphill.any():  # at the very bottom the loss rises in every direction
            uphill = torch.ones_like(theta)
        delta = (delta + box * uphill).clamp(-box, box)
        highest = max(highest, L(theta + delta).item())
    return 100 * (highest - loss) / (1 + loss)


@measure(on_a_bowl=_mean_rise, invariant_to=("layers",), tolerance=0.3)
def filter_normalised_rise(
    L: Objective, theta: Tensor, radius: float = 0.5, directions: int = 20, seed: int = 0
) -> float:
    """How far the loss rises, on average, along filter-normalised random directions.

    The mean of L(θ ± radius·d) − L(θ) over random d, normalised filter by filter (Li et al. 2018).
    Invariant to rescaling whole layers of a ReLU net, but *not* to rescaling single units; blind to
    what happens along only a few directions.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        radius: in units of the weights; at 1 the perturbation is as large as they are.
        directions: how many random directions; each is followed forwards and back.
        seed: seed for these directions.

    Raises:
        ValueError: if radius isn't positive, directions is less than 1, or the loss isn't finite
            at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> best = torch.linalg.lstsq(L.x, L.y[:, None]).solution.flatten()
    >>> filter_normalised_rise(L, best) > 0
    True
    """
    check_objective(L)
    if not radius > 0:
        raise ValueError(f"radius must be positive, got {radius}")
    if directions < 1:
        raise ValueError(f"directions must be at least 1, got {directions}")
    theta, loss = _finite(L, theta)
    filters, ends = L.filters, torch.tensor([-radius, radius])
    # one line at a time, because there may be more of them than parameters
    seeds = torch.randint(2**62, (directions,), generator=torch.Generator().manual_seed(seed))
    lines = (Slice.random(theta, 1, s, filters) for s in seeds.tolist())
    with torch.no_grad():
        return (L(torch.cat([line.point(ends) for line in lines])).mean() - loss).item()


@measure(on_a_bowl=_highest_in_ball, invariant_to=("layers", "units"))
def adaptive_sharpness(L: Objective, theta: Tensor, rho: float = 0.5, steps: int = 20) -> float:
    """How far the loss rises, at most, if every parameter may change in proportion to its size.

    max L(θ + δ) − L(θ) over ‖δ / |θ|‖ ≤ ρ, divided element by element (Kwon et al. 2021, equation
    3). Each step maximises, over that ball, the loss linearised at the previous point; the first
    step is ASAM's. The result is the highest loss found, so it is a lower bound. Invariant to
    rescaling layers and single units of a ReLU net; blind to parameters that are 0.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        rho: ρ, size of the ball in units of the parameters.
        steps: how many points to try.

    Raises:
        ValueError: if rho isn't positive, or the loss isn't finite at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> best = torch.linalg.lstsq(L.x, L.y[:, None]).solution.flatten()
    >>> adaptive_sharpness(L, best, rho=1.0) > adaptive_sharpness(L, best, rho=0.1) > 0
    True
    """
    check_objective(L)
    if not rho > 0:
        raise ValueError(f"rho must be positive, got {rho}")
    theta, loss = _finite(L, theta)
    size, delta, highest = theta.abs(), torch.zeros_like(theta), loss
    for _ in range(steps):
        uphill = size * gradient(L, theta + delta)
        if not uphill.any():  # at the very bottom the loss rises in every direction
            uphill = size
        delta = rho * size * uphill / uphill.norm().clamp(min=torch.finfo(theta.dtype).tiny)
        highest = max(highest, L(theta + delta).item())
    return highest - loss


def _finite(L: Objective, theta: Tensor) -> tuple[Tensor, float]:
    theta = L.check_point(theta)
    with torch.no_grad():
        loss = L(theta).item()
    if not math.isfinite(loss):
        raise ValueError(f"sharpness needs a finite loss at the point, got {loss}")
    return theta, loss
