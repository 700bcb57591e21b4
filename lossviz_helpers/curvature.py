"""The landscape around one point: gradient, Hessian, and whether it is a minimum at all."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from scipy.sparse.linalg import LinearOperator, eigsh
from torch import Tensor

from .objective import Objective
from .slices import Slice, largest_entry_positive
from .training import descend

# Up to this many parameters all eigenvalues come from the Hessian itself; beyond, from products.
DENSE_PARAMETERS = 500

# When is a point a minimum, to working precision? When one ideal gradient step would lower the
# loss by less than this share, and no curvature is more negative than this share of the largest.
# The trained end of a 13-parameter net has curvatures of −1e-5 to −1e-3 of its largest: it is
# still creeping along a nearly flat valley. The false minima of its slices have −1e-2 and beyond.
GRADIENT_SHARE = 1e-2
CURVATURE_SHARE = 5e-3


def gradient(L: Objective, points: Tensor) -> Tensor:
    """∇L at every point.

    Args:
        L: the landscape.
        points: shape `(..., P)`.

    Returns:
        Shape `(..., P)`.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> gradient(L, torch.zeros(5, 2)).shape
    torch.Size([5, 2])
    """
    return _in_stacks(L, lambda rows: _gradients(L, rows), L.check_points(points).detach())


def hvp(L: Objective, theta: Tensor, vectors: Tensor) -> Tensor:
    """Hessian-vector products H·v at one point, without the Hessian (Pearlmutter 1994).

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        vectors: shape `(..., P)`.

    Returns:
        Shape `(..., P)`.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> torch.allclose(hvp(L, torch.zeros(2), torch.eye(2)), hessian(L, torch.zeros(2)))
    True
    """
    theta = L.check_point(theta)
    return _in_stacks(L, lambda rows: _products(L, theta, rows), L.check_points(vectors))


def _in_stacks(L: Objective, function: Callable[[Tensor], Tensor], rows: Tensor) -> Tensor:
    """A function of `(n, P)` for `(..., P)`, as many at once as L evaluates at once.

    All the values on the way are kept for derivation, so a larger n costs memory.
    """
    if not rows.numel():  # no loss depends on no point
        return rows
    parts = rows.reshape(-1, L.P).split(L.stack_size())
    return torch.cat([function(part) for part in parts]).reshape(rows.shape)


def _gradients(L: Objective, points: Tensor) -> Tensor:
    points = points.clone().requires_grad_(True)
    with torch.enable_grad(), L.threads():
        # every loss depends on its own point alone, so one backward pass serves all
        return torch.autograd.grad(L(points).sum(), points)[0]


def _products(L: Objective, theta: Tensor, rows: Tensor) -> Tensor:
    # one copy of θ per vector, so that all products are one backward pass
    points = theta.expand(rows.shape).clone().requires_grad_(True)
    with torch.enable_grad(), L.threads():
        first = torch.autograd.grad(L(points).sum(), points, create_graph=True)[0]
        if not first.requires_grad:  # a loss that is linear in θ has no curvature
            return torch.zeros_like(rows)
        products = torch.autograd.grad((first * rows).sum(), points, allow_unused=True)[0]
    return torch.zeros_like(rows) if products is None else products


def hessian(L: Objective, theta: Tensor) -> Tensor:
    """All second derivatives at one point, for models of few parameters.

    Args:
        L: the landscape.
        theta: shape `(P,)`.

    Returns:
        Shape `(P, P)`, symmetric.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> x = datasets.diagonal().x
    >>> torch.allclose(hessian(L, torch.zeros(2)), 2 * x.T @ x / len(x))
    True
    """
    H = hvp(L, theta, torch.eye(L.P))
    return (H + H.T) / 2


def eigenpairs(
    L: Objective, theta: Tensor, k: int | None = None, which: str = "lowest"
) -> tuple[Tensor, Tensor]:
    """Extreme curvatures of the landscape at a point, and the directions they belong to.

    Up to 500 parameters from the whole Hessian; beyond, by Lanczos iteration on Hessian-vector
    products (`scipy.sparse.linalg.eigsh`).

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        k: how many; None for all, which needs the whole Hessian.
        which: "lowest" or "highest".

    Returns:
        Eigenvalues `(k,)`, the most extreme first, and unit eigenvectors `(k, P)`; the largest
        entry of each is positive.

    Raises:
        ValueError: if `which` is another word, or k is not from 1 to P.
        scipy.sparse.linalg.ArpackNoConvergence: if Lanczos iteration has not settled after 10·P
            products; a smaller k is easier.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> values, vectors = eigenpairs(L, torch.zeros(2), k=1, which="highest")
    >>> torch.allclose(hvp(L, torch.zeros(2), vectors[0]), values[0] * vectors[0])
    True
    """
    if which not in ("lowest", "highest"):
        raise ValueError(f'which must be "lowest" or "highest", got {which!r}')
    k = L.P if k is None else k
    if not 1 <= k <= L.P:
        raise ValueError(f"k must be from 1 to the {L.P} parameters of the model, got {k}")
    theta = L.check_point(theta)
    if L.P <= DENSE_PARAMETERS or k >= L.P - 1:
        values, vectors = torch.linalg.eigh(hessian(L, theta))
        vectors = vectors.T
    else:
        # what is perpendicular to the start is never found, and models are full of symmetries
        generator = torch.Generator().manual_seed(0)
        start = torch.randn(L.P, generator=generator, dtype=torch.float64)
        found = eigsh(
            LinearOperator(
                (L.P, L.P),
                matvec=lambda v: hvp(L, theta, torch.as_tensor(v).flatten()).cpu().double().numpy(),
                dtype="float64",
            ),
            k=k,
            which="SA" if which == "lowest" else "LA",
            v0=start.numpy(),
            # products of lower precision are not worth more; an eigenvalue is better than this
            tol=0 if L.precision == torch.float64 else math.sqrt(torch.finfo(L.precision).eps),
        )
        values, vectors = (
            torch.as_tensor(part).to(L.dtype).to(L.device) for part in (found[0], found[1].T)
        )
    order = values.argsort(descending=which == "highest")[:k]
    values, vectors = values[order], vectors[order]
    return values, largest_entry_positive(vectors)


def trace(L: Objective, theta: Tensor, samples: int = 100, seed: int = 0) -> float:
    """Trace of the Hessian: the sum of all curvatures.

    Exact up to 500 parameters; beyond, Hutchinson's estimate, the mean of vᵀHv over random signs v.
    *Not* invariant to rescaling layers (Dinh et al. 2017): one function has many traces.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        samples: number of sign vectors of the estimate.
        seed: their seed.

    Raises:
        ValueError: if samples is less than 1, or the loss is not finite at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> curvatures, _ = eigenpairs(L, torch.zeros(2))
    >>> math.isclose(trace(L, torch.zeros(2)), curvatures.sum())
    True
    """
    if samples < 1:
        raise ValueError(f"samples must be at least 1, got {samples}")
    theta = _finite(L, theta)[0]
    if L.P <= DENSE_PARAMETERS:
        return hessian(L, theta).trace().item()
    generator = torch.Generator().manual_seed(seed)
    total = 0.0
    for first in range(0, samples, L.stack_size()):
        shape = min(L.stack_size(), samples - first), L.P
        signs = L.check_points(2.0 * torch.randint(0, 2, shape, generator=generator) - 1)
        total += (signs * hvp(L, theta, signs)).sum().item()
    return total / samples


def epsilon_sharpness(L: Objective, theta: Tensor, epsilon: float = 1e-3, steps: int = 20) -> float:
    """How far the loss rises, at most, in a small box around a point, in percent of 1 + L.

    φ = 100 · (max L(θ + δ) − L(θ)) / (1 + L(θ)) over |δᵢ| ≤ ε·(|θᵢ| + 1)  (Keskar et al. 2017,
    metric 2.1, on the whole space). The maximum is sought by projected gradient ascent, so this is
    a lower bound. *Not* invariant to rescaling layers, although the box grows with θ.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        epsilon: size of the box.
        steps: of the ascent.

    Raises:
        ValueError: if epsilon is not positive, or the loss is not finite at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> epsilon_sharpness(L, torch.zeros(2), 1e-2) > epsilon_sharpness(L, torch.zeros(2), 1e-3) > 0
    True
    """
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive, got {epsilon}")
    theta, loss = _finite(L, theta)
    box = epsilon * (theta.abs() + 1)
    delta, highest = torch.zeros_like(theta), loss
    for _ in range(steps):
        # the gradient's signs lead to a corner of the box, where a convex loss is highest
        uphill = gradient(L, theta + delta).sign()
        if not uphill.any():  # on the very floor every way leads up
            uphill = torch.ones_like(theta)
        delta = (delta + box * uphill).clamp(-box, box)
        highest = max(highest, L(theta + delta).item())
    return 100 * (highest - loss) / (1 + loss)


def filter_normalised_rise(
    L: Objective, theta: Tensor, radius: float = 0.5, directions: int = 20, seed: int = 0
) -> float:
    """How far the loss rises, on average, at a distance along filter-normalised random directions.

    The mean of L(θ ± radius·d) − L(θ) over random d, normalised filter by filter (Li et al. 2018).
    Invariant to rescaling whole layers of a ReLU net; *not* to rescaling single units, and blind to
    what few directions do.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        radius: in units of the weights: at 1 the perturbation is as large as they are.
        directions: how many random directions; each is followed both ways.
        seed: their seed.

    Raises:
        ValueError: if radius is not positive, directions is less than 1, or the loss is not finite
            at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> best = torch.linalg.lstsq(L.x, L.y[:, None]).solution.flatten()
    >>> filter_normalised_rise(L, best) > 0
    True
    """
    if not radius > 0:
        raise ValueError(f"radius must be positive, got {radius}")
    if directions < 1:
        raise ValueError(f"directions must be at least 1, got {directions}")
    theta, loss = _finite(L, theta)
    filters, ends = L.filters, torch.tensor([-radius, radius])
    # one by one, for there may be more of them than parameters
    seeds = torch.randint(2**62, (directions,), generator=torch.Generator().manual_seed(seed))
    lines = (Slice.random(theta, 1, s, filters) for s in seeds.tolist())
    with torch.no_grad():
        return (L(torch.cat([line.point(ends) for line in lines])).mean() - loss).item()


def _finite(L: Objective, theta: Tensor) -> tuple[Tensor, float]:
    theta = L.check_point(theta)
    with torch.no_grad():
        loss = L(theta).item()
    if not math.isfinite(loss):
        raise ValueError(f"sharpness needs a finite loss at the point, got {loss}")
    return theta, loss


@dataclass(frozen=True)
class Verdict:
    """What the false-minimum test found at a low point of a slice. `print` it.

    Attributes:
        loss: at the point.
        gradient_in: length of the gradient's part in the slice, loss per parameter unit.
        gradient_off: length of its part off the slice.
        lowest: the lowest eigenvalues of the Hessian, ascending.
        highest: its largest eigenvalue.
        negative: how many of `lowest` are clearly negative (more than 0.5% of the largest).
        trained_loss: loss after training on from the point.
        trained_point: where training on led, shape `(P,)`.
        trained_distance: how far that is, in parameter units.
        is_stationary: an ideal gradient step would lower the loss by less than 1%.
        is_minimum: stationary, and no eigenvalue is clearly negative.
    """

    loss: float
    gradient_in: float
    gradient_off: float
    lowest: Tensor
    highest: float
    negative: int
    trained_loss: float
    trained_point: Tensor
    trained_distance: float
    is_stationary: bool
    is_minimum: bool

    def __str__(self) -> str:
        if self.is_minimum:
            verdict = "a minimum, as far as this test can see"
        elif self.negative:
            verdict = "not a minimum: the slice misses directions in which the loss falls"
        else:
            verdict = "not a minimum: the ground still slopes here"
        slope = "flat" if self.is_stationary else "sloping"
        change = self.trained_loss / self.loss - 1 if self.loss else 0.0
        return "\n".join(
            [
                f"Verdict: {verdict}.",
                f"  1. Gradient: {self.gradient_in:.2g} in the slice, {self.gradient_off:.2g} off "
                f"it ({slope}).",
                f"  2. Hessian: {self.negative} of the {len(self.lowest)} lowest eigenvalues "
                f"clearly negative; lowest {self.lowest[0]:.2g}, highest {self.highest:.2g}.",
                f"  3. Training on: loss {self.loss:.3f} → {self.trained_loss:.3f} "
                f"({change:+.0%}), {self.trained_distance:.1f} away.",
            ]
        )


def false_minimum_test(
    L: Objective,
    theta: Tensor,
    view: Slice,
    steps: int = 1000,
    lr: float = 0.01,
    k: int | None = None,
) -> Verdict:
    """Is a low point of a slice a minimum of the landscape? Three tests, and a verdict in words.

    1. The gradient, split into its part in the slice and its part off it: at a minimum both vanish.
    2. The lowest eigenvalues of the full Hessian: at a minimum none is negative.
    3. Training on from there. This alone proves little: it lowers the loss of nearly every point
       that training ever ends at, which is why the verdict rests on the first two.

    Args:
        L: the landscape.
        theta: the low point, shape `(P,)`.
        view: the slice it was found on.
        steps, lr: of training on, with Adam.
        k: how many of the lowest eigenvalues; None for all up to 500 parameters, else 5.

    Returns:
        A `Verdict`.

    Raises:
        ValueError: if point, slice and objective belong to different models, or the loss is not
            finite at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> valley = Slice(torch.tensor([1.0, 0.0]), torch.tensor([[0.0, 1.0]]))  # misses the minimum
    >>> false_minimum_test(L, valley.point(0.25), valley).is_minimum
    False
    """
    theta = L.check_point(theta)
    view.coordinates(theta)  # an error if the slice belongs to another model
    slope = gradient(L, theta)
    loss = L(theta).item()
    if not (torch.isfinite(slope).all() and loss == loss):
        raise ValueError(f"the test needs a finite loss and gradient, got loss {loss} at the point")
    inside = view.projection(slope)
    if k is None:
        k = L.P if L.P <= DENSE_PARAMETERS else 5
    lowest, _ = eigenpairs(L, theta, k)
    highest = lowest[-1] if k == L.P else eigenpairs(L, theta, 1, which="highest")[0][0]
    scale = max(lowest[0].abs().item(), highest.abs().item())
    negative = int((lowest < -CURVATURE_SHARE * scale).sum())
    # an ideal step along the gradient lowers the loss by at least |∇L|² / 2λmax
    step = slope.square().sum().item()
    gain = step / (2 * scale) if scale else math.inf if step else 0.0
    stationary = gain <= GRADIENT_SHARE * abs(loss)
    path = descend(L, theta, steps=steps, lr=lr, every=steps)
    return Verdict(
        loss=loss,
        gradient_in=inside.norm().item(),
        gradient_off=(slope - inside).norm().item(),
        lowest=lowest,
        highest=highest.item(),
        negative=negative,
        trained_loss=path.losses[-1].item(),
        trained_point=path.end,
        trained_distance=(path.end - theta).norm().item(),
        is_stationary=stationary,
        is_minimum=stationary and negative == 0,
    )
