"""The landscape around one point: its curvatures, and whether it is a minimum at all."""

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from .._evaluation.progress import progress_bar
from ..objective import Objective, check_objective
from ..slices import Slice, largest_entry_positive
from ..training import descend
from .derivatives import DENSE_PARAMETERS, gradient
from .lanczos import Ritz, basis_size_for, block_lanczos, whole_matrix
from .operator import HessianOperator

# How large the residual norm of an eigenpair may be, relative to the largest eigenvalue. The errors
# of well-separated eigenvalues are about the square of that.
RESIDUAL, RESIDUAL_FLOAT64 = 1e-4, 1e-6
EXTRA_PRODUCTS = 50  # P products give the whole Hessian, if there is memory for it

# When is a point a minimum, to working precision? When neither one ideal gradient step nor further
# training lowers the loss by more than the fraction MIN_GAIN, and no curvature is below
# −MIN_CURVATURE times the largest in magnitude. All three tests are needed: the end of training of
# a 13-parameter net passes the first and the last (curvatures of −1e-5 to −1e-3 of the largest),
# but its valley keeps sloping down.
# If the loss is 0 up to rounding, a step no longer than ROUNDING times the rounding error
# of θ doesn't count.
MIN_GAIN = 1e-2
ROUNDING = 20
MIN_CURVATURE = 5e-3


class Eigenpairs(NamedTuple("Eigenpairs", [("values", Tensor), ("vectors", Tensor)])):
    """Eigenvalues and eigenvectors of a Hessian; unpacks into these two.

    Attributes:
        values: shape `(k,)`, the most extreme first.
        vectors: shape `(k, P)`, of unit length; the largest entry of each is positive.
        residuals: ‖Hv − λv‖ of each, shape `(k,)`. It guarantees that the Hessian has an eigenvalue
            within that distance of λ, not that λ is the lowest or highest.
        products: how many Hessian-vector products were computed.

    >>> from lossviz_helpers import Objective, diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> values, vectors = eigenpairs(L, L.point())
    >>> values.shape, vectors.shape
    (torch.Size([2]), torch.Size([2, 2]))
    """

    residuals: Tensor
    products: int


def eigenpairs(
    L: Objective,
    theta: Tensor,
    k: int | None = None,
    which: str = "lowest",
    progress: bool = True,
) -> Eigenpairs:
    """Extreme curvatures of the landscape at a point, and their directions.

    Up to 500 parameters, from the whole Hessian; above that, by block Lanczos (Golub &
    Underwood 1977) with at most P + 50 Hessian-vector products. It stops when all residuals
    ‖Hv − λv‖ are below 1e-4 of the largest eigenvalue, or 1e-6 in float64. A residual guarantees
    that there is an eigenvalue within that distance of λ, not that it is the lowest; where
    eigenvalues are well separated, λ is off by about the square of that.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        k: how many; None for all, which needs the whole Hessian.
        which: "lowest" or "highest".
        progress: show a progress bar if it takes longer than two seconds.

    Returns:
        `Eigenpairs`, which unpacks into eigenvalues `(k,)`, the most extreme first, and unit
        eigenvectors `(k, P)`, the largest entry of each positive. Its `residuals` show how
        accurate they are.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if `which` is neither, k isn't between 1 and P, or the Hessian isn't finite.

    Warns:
        UserWarning: if P + 50 products weren't enough, because the budget of L is too small.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> values, vectors = eigenpairs(L, torch.zeros(2), k=1, which="highest")
    >>> from lossviz_helpers import hvp
    >>> torch.allclose(hvp(L, torch.zeros(2), vectors[0]), values[0] * vectors[0])
    True
    """
    check_objective(L)
    if which not in ("lowest", "highest"):
        raise ValueError(f'which must be "lowest" or "highest", got {which!r}')
    k = L.P if k is None else k
    if not 1 <= k <= L.P:
        raise ValueError(f"k must be between 1 and {L.P}, the number of parameters, got {k}")
    theta = L.check_point(theta)
    dense = L.P <= DENSE_PARAMETERS
    at_most = L.P if dense else L.P + EXTRA_PRODUCTS
    with progress_bar(at_most, "products", progress) as bar, L.threads():
        H = HessianOperator(L, theta, bar)
        if dense:
            found, made = whole_matrix(H, L.P, k, which, H.device), L.P
        else:
            tolerance = RESIDUAL_FLOAT64 if L.precision == torch.float64 else RESIDUAL
            max_basis = basis_size_for(L.P, H.budget)
            found, made = block_lanczos(H, L.P, k, which, tolerance, at_most, max_basis, H.device)
            if made > L.P and not found.converged(tolerance):
                _warn_about_residuals(found, which, made)
    pairs = Eigenpairs(
        found.values.to(L.dtype).to(L.device),
        largest_entry_positive(found.vectors.to(L.dtype).to(L.device)),
    )
    pairs.residuals, pairs.products = found.residuals.to(L.dtype).to(L.device), made
    return pairs


def _warn_about_residuals(found: Ritz, which: str, made: int) -> None:
    warnings.warn(
        f"the {which} eigenvalues haven't converged after {made} Hessian-vector products: "
        f"residuals ‖Hv − λv‖ are up to {found.residuals.max():.2g}, with a largest eigenvalue of "
        f"{found.scale:.2g}. The objective's memory budget is too small for enough Lanczos "
        "vectors; create the objective with a larger budget, Objective(…, budget=bytes)",
        stacklevel=3,
    )


def eigen_slice(
    L: Objective,
    theta: Tensor,
    which: str | Sequence[str] = ("lowest", "highest"),
    progress: bool = True,
) -> Slice:
    """The slice through a point along eigenvectors of its Hessian (Böttcher & Wheeler 2022).

    Near θ, the loss on it is L(θ) + Σ gᵢαᵢ + ½ Σ λᵢαᵢ², with the eigenvalues λᵢ and the slopes gᵢ
    along the eigenvectors. The lowest and the highest show a saddle as a saddle; a random plane
    rarely does: the curvature along a random direction is, on average, the mean of all λ.

    Args:
        L: the landscape.
        theta: shape `(P,)`; α = 0.
        which: "lowest" or "highest" for each direction. The second "lowest" is the eigenvector of
            the second-lowest eigenvalue, and so on: ("lowest", "lowest", "highest").
        progress: show a progress bar if it takes longer than two seconds.

    Returns:
        A `Slice` with perpendicular directions of length 1, so that α is a distance in parameter
        units; the largest entry of each is positive. For other eigenvectors, or other lengths, use
        `Slice(theta, directions)` with the vectors of `eigenpairs`.

    Raises:
        TypeError: if L isn't an objective.
        ValueError: if `which` names something else or too many directions; if the Hessian isn't
            finite, or so many of its eigenvalues are equal that the lowest and the highest have the
            same eigenvectors.

    >>> from lossviz_helpers import Objective, datasets, losses, models, scan
    >>> L = Objective(models.model_3(), datasets.xor(), losses.squared_error)
    >>> view = eigen_slice(L, L.point())
    >>> pairs = eigenpairs(L, L.point())
    >>> torch.allclose(view.directions, pairs.vectors[[0, -1]])
    True
    """
    check_objective(L)
    names = [which] if isinstance(which, str) else list(which)
    wrong = [name for name in names if name not in ("lowest", "highest")]
    if wrong or not 1 <= len(names) <= L.P:
        raise ValueError(
            f'which must say "lowest" or "highest" for each of 1 to {L.P} directions, got {which!r}'
        )
    found, taken = _ends(L, theta, Counter(names), progress), Counter[str]()
    directions = []
    for name in names:
        directions.append(found[name][taken[name]])
        taken[name] += 1
    chosen = torch.stack(directions)
    cosines = chosen @ chosen.T - torch.eye(len(chosen)).to(chosen)
    if cosines.abs().max() > 0.1:
        raise ValueError(
            "the lowest and the highest eigenvalues are equal here, so their eigenvectors don't "
            "define two distinct directions: the curvature is the same in every direction. Ask for "
            'only one of the two, which=("lowest", "lowest"), or use Slice.random(theta)'
        )
    return Slice(L.check_point(theta), chosen)


def _ends(L: Objective, theta: Tensor, counts: Counter[str], progress: bool) -> dict[str, Tensor]:
    """Eigenvectors of the lowest and highest eigenvalues, in rows, at least `counts` of each."""
    if L.P <= DENSE_PARAMETERS:  # from one decomposition, so that they are perpendicular
        vectors = eigenpairs(L, theta, progress=progress).vectors
        return {"lowest": vectors, "highest": vectors.flip(0)}
    return {
        name: eigenpairs(L, theta, count, name, progress).vectors for name, count in counts.items()
    }


@dataclass(frozen=True)
class Verdict:
    """What the false-minimum test found at a low point of a slice; `print` it.

    Attributes:
        loss: at the point.
        gradient_in: norm of the gradient's component in the slice, loss per parameter unit.
        gradient_off: norm of its component orthogonal to the slice.
        lowest: the lowest eigenvalues of the Hessian, ascending.
        highest: its largest eigenvalue.
        negative: how many of `lowest` are clearly negative (below −0.5% of the largest
            eigenvalue in magnitude).
        trained_loss: loss after further training from the point.
        trained_point: where further training led, shape `(P,)`.
        trained_distance: how far that is, in parameter units.
        is_stationary: an ideal gradient step would lower the loss by less than 1%, or is too
            short for the precision of θ.
        leads_down: further training lowers the loss by more than 1%.
        is_minimum: stationary, no eigenvalue is clearly negative, and further training doesn't
            lead down.

    >>> from lossviz_helpers import Objective, diagonal, model_1, squared_error
    >>> L = Objective(model_1(), diagonal(), squared_error)
    >>> verdict = false_minimum_test(L, torch.zeros(2), Slice(torch.zeros(2), torch.eye(2)))
    >>> verdict.is_stationary, verdict.is_minimum
    (False, False)
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
    leads_down: bool
    is_minimum: bool

    def __str__(self) -> str:
        if self.is_minimum:
            verdict = "a minimum, as far as this test can see"
        elif not self.is_stationary:
            verdict = "not a minimum: the landscape slopes here"
        elif self.negative:
            verdict = "not a minimum: the landscape curves down here in some direction"
        else:
            verdict = "not a minimum: nearly flat, but further training lowers the loss"
        slope = "flat" if self.is_stationary else "sloping"
        change = self.trained_loss / self.loss - 1 if self.loss else 0.0
        return "\n".join(
            [
                f"Verdict: {verdict}.",
                f"  1. Gradient: {self.gradient_in:.2g} in the slice, {self.gradient_off:.2g} off "
                f"it ({slope}).",
                f"  2. Hessian: {self.negative} of the {len(self.lowest)} lowest eigenvalues "
                f"clearly negative; lowest {self.lowest[0]:.2g}, highest {self.highest:.2g}.",
                f"  3. Further training: loss {self.loss:.3f} → {self.trained_loss:.3f} "
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

    1. The gradient, split into its components in the slice and off it: at a minimum both vanish.
    2. The lowest eigenvalues of the full Hessian: at a minimum none is negative.
    3. Further training from there: at a minimum it can't lower the loss. Only this test notices
       that the floor of a long valley, nearly flat, still slopes down. With more steps it notices
       smaller slopes; Adam may also step over a rim that is narrower than `lr`.

    A point has to pass all three. Most points where training ends fail the third.

    Args:
        L: the landscape.
        theta: the low point, shape `(P,)`.
        view: the slice on which it was found.
        steps, lr: steps and learning rate of the further training, with Adam.
        k: how many of the lowest eigenvalues; None for all of them up to 500 parameters, else 5.

    Returns:
        A `Verdict`.

    Raises:
        ValueError: if point, slice and objective belong to different models, or the loss isn't
            finite at the point.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> valley = Slice(torch.tensor([1.0, 0.0]), torch.tensor([[0.0, 1.0]]))  # misses the minimum
    >>> false_minimum_test(L, valley.point(0.25), valley).is_minimum
    False
    """
    check_objective(L)
    theta = L.check_point(theta)
    view.coordinates(theta)  # raises if the slice belongs to another model
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
    negative = int((lowest < -MIN_CURVATURE * scale).sum())
    # an ideal step along the gradient is ∇L / λmax, and lowers the loss by at least |∇L|² / 2λmax
    steepness = slope.norm().item()
    step = steepness / scale if scale else math.inf if steepness else 0.0
    shortest = ROUNDING * torch.finfo(L.precision).eps * theta.norm().item()
    stationary = step <= shortest or steepness * step / 2 <= MIN_GAIN * abs(loss)
    path = descend(L, theta, steps=steps, lr=lr, every=steps)
    gain = loss - path.losses[-1].item()
    leads_down = step > shortest and gain > MIN_GAIN * abs(loss)
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
        leads_down=leads_down,
        is_minimum=stationary and negative == 0 and not leads_down,
    )
