"""The spectrum: how the eigenvalues of a Hessian are distributed, without computing them all."""

import math
import warnings
from dataclasses import dataclass

import torch
from torch import Tensor

from .._evaluation.progress import progress_bar
from .._inputs.points import as_points
from ..objective import Objective, check_objective
from ..training.counts import check_count
from .derivatives import DENSE_PARAMETERS
from .eigenvalues import eigenpairs
from .operator import HessianOperator
from .quadrature import lanczos_quadrature
from .sharpness import Estimate

# A node counts as resolved at a value if its residual is below this fraction of its distance from
# the value. At most the square of that fraction of its weight lies on the other side of the value.
RESOLVED = 0.1
EXTRA_VECTORS = 6  # memory of a probe besides its basis: its product, the residual, copies


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The distribution of a Hessian's eigenvalues, as a few random vectors see it.

    Each probe, a random vector, sees the spectrum as m nodes with weights. The mean over the probes
    estimates the fraction of eigenvalues in a range, or their density; how much the probes differ
    shows how large its error may be.

    Attributes:
        nodes: ascending, shape `(probes, m)`, float64. If the spectrum is exact: all eigenvalues,
            shape `(1, P)`.
        weights: fraction of the spectrum that each node stands for, summing to 1 for each probe,
            shape `(probes, m)`.
        residuals: ‖Hy − node·y‖ of each node's vector y: there is an eigenvalue within that
            distance of the node. Shape `(probes, m)`.
        P: number of eigenvalues.
        products: how many Hessian-vector products were computed.
        exact: whether the nodes are the eigenvalues themselves.

    >>> from lossviz_helpers import Objective, model_3, squared_error, xor
    >>> L = Objective(model_3(), xor(), squared_error)
    >>> found = spectrum(L, L.point())
    >>> found
    Spectrum(P=13, exact)
    >>> bool(found.below(0) + found.above(0) == 1)
    True
    """

    nodes: Tensor
    weights: Tensor
    residuals: Tensor
    P: int
    products: int
    exact: bool

    def __repr__(self) -> str:
        probes, m = self.nodes.shape
        return f"Spectrum(P={self.P}, {'exact' if self.exact else f'{probes} probes, {m} nodes'})"

    @property
    def lowest(self) -> float:
        """The lowest node, never below the lowest eigenvalue; `eigenpairs` shows how close."""
        return self.nodes.min().item()

    @property
    def highest(self) -> float:
        """The highest node, never above the highest eigenvalue."""
        return self.nodes.max().item()

    def below(self, value: float) -> Estimate:
        """Fraction of the eigenvalues below a value.

        Args:
            value: in units of the eigenvalues, loss per squared parameter unit.

        Returns:
            A number from 0 to 1. Its `error` is 0 if the spectrum is exact. Otherwise it is the
            standard error over the probes, inf with a single probe, plus the uncertainty of the
            quadrature: it can't tell on which side of the value the weight of the neighbouring
            nodes lies, unless they have converged (separation theorem of Chebyshev, Markov and
            Stieltjes; Szegő 1975, theorem 3.41.1). This term is large if many eigenvalues are equal
            to the value, such as those that are 0 up to rounding.

        Raises:
            ValueError: if the value is nan.

        >>> from lossviz_helpers import Objective, diagonal, model_1, squared_error
        >>> L = Objective(model_1(), diagonal(), squared_error)
        >>> spectrum(L, L.point()).below(1e6)
        1.0
        """
        return self._fraction(self.nodes < _checked(value), value)

    def above(self, value: float) -> Estimate:
        """Fraction of the eigenvalues above a value; see `below`."""
        return self._fraction(self.nodes > _checked(value), value)

    def density(self, at: Tensor, width: float) -> tuple[Tensor, Tensor]:
        """The density of the eigenvalues, smoothed by a Gaussian.

        φ(t) = Σ weight · exp(−(t − node)² / 2·width²) / (width·√2π), averaged over the probes
        (Ghorbani, Krishnan & Xiao 2019, section 2). Its integral is 1. If `width` is smaller than
        the spacing of the nodes, the density shows nodes rather than eigenvalues, except where the
        nodes have converged.

        Args:
            at: values t, shape `(...)`.
            width: standard deviation of the Gaussian, in units of the eigenvalues.

        Returns:
            Density and its standard error over the probes, both `(...)`, float64, as a fraction of
            the spectrum per unit. The error is 0 if the spectrum is exact, and inf with a single
            probe.

        Raises:
            TypeError: if `at` isn't numbers.
            ValueError: if width isn't positive.

        >>> from lossviz_helpers import Objective, diagonal, model_1, squared_error
        >>> L = Objective(model_1(), diagonal(), squared_error)
        >>> at = torch.linspace(-3, 5, 1000)
        >>> mean, error = spectrum(L, L.point()).density(at, width=0.3)
        >>> torch.trapezoid(mean.float(), at).round(decimals=4), error.max()
        (tensor(1.), tensor(0., dtype=torch.float64))
        """
        if not 0 < width < math.inf:
            raise ValueError(f"width must be positive and finite, got {width}")
        at = as_points(at, "density takes a tensor of values, of any shape").to(self.nodes)
        found = torch.stack(
            [
                (weights * torch.exp(-(((at[..., None] - nodes) / width) ** 2) / 2)).sum(dim=-1)
                for nodes, weights in zip(self.nodes, self.weights, strict=True)
            ]
        ) / (width * math.sqrt(2 * math.pi))
        return found.mean(dim=0), self._standard_error(found)

    def describe(self) -> str:
        """The spectrum in words, for readers who can't see the picture."""
        probes, m = self.nodes.shape
        source = f"estimated from {probes} probes of {m} Lanczos steps, {self.products} products"
        return (
            f"{self.P} eigenvalues from {self.lowest:.3g} to {self.highest:.3g}. "
            f"{_percent(self.below(0))} are negative, {_percent(self.above(self.highest / 2))} "
            f"above half of the highest ({'from the whole Hessian' if self.exact else source})."
        )

    def _fraction(self, counted: Tensor, value: float) -> Estimate:
        fractions = (self.weights * counted).sum(dim=1)
        error = self._standard_error(fractions) + self._left_open(value).mean()
        return Estimate(fractions.mean().item(), error.item())

    def _left_open(self, value: float) -> Tensor:
        """Bound on the quadrature's error in the fraction beyond a value, `(probes,)`."""
        away = self.nodes - value
        # if the value is infinitely far away, all nodes are resolved
        open_ = self.weights * (self.residuals > RESOLVED * away.abs())
        return (_last(open_, away < 0) + _last(open_.flip(1), away.flip(1) >= 0)) / 2

    def _standard_error(self, of_probes: Tensor) -> Tensor:
        """The standard error of a mean over probes, `(probes, ...)` → `(...)`."""
        if self.exact:
            return torch.zeros_like(of_probes[0])
        if len(of_probes) == 1:
            return torch.full_like(of_probes[0], math.inf)
        return of_probes.std(dim=0) / math.sqrt(len(of_probes))


def spectrum(
    L: Objective,
    theta: Tensor,
    probes: int = 10,
    steps: int = 90,
    seed: int = 0,
    progress: bool = True,
) -> Spectrum:
    """The distribution of all curvatures at a point: the spectrum of the Hessian.

    Up to 500 parameters, all eigenvalues. Above that, stochastic Lanczos quadrature (Ubaru, Chen &
    Saad 2017; Ghorbani, Krishnan & Xiao 2019): the Lanczos method with full reorthogonalisation,
    from several Gaussian random vectors of length 1. It takes up to probes · steps Hessian-vector
    products. Well-separated eigenvalues are resolved individually, to nearly full precision; the
    rest appear as a distribution.

    Args:
        L: the landscape.
        theta: shape `(P,)`.
        probes: number of random vectors; the error falls as 1/√probes.
        steps: Lanczos steps from each of them; more steps show finer detail.
        seed: seed for the random vectors.
        progress: show a progress bar if it takes longer than two seconds.

    Returns:
        A `Spectrum`, which gives fractions of the eigenvalues and their density, with errors.

    Raises:
        TypeError: if L isn't an objective, or probes or steps isn't a whole number.
        ValueError: if probes or steps is less than 1, or the Hessian isn't finite.

    Warns:
        UserWarning: if the budget of L is too small for that many steps, so that fewer are taken.

    >>> from lossviz_helpers import Objective, datasets, losses, models
    >>> L = Objective(models.model_1(), datasets.diagonal(), losses.squared_error)
    >>> torch.allclose(spectrum(L, torch.zeros(2)).nodes[0], eigenpairs(L, torch.zeros(2)).values)
    True
    """
    check_objective(L)
    check_count("probes", probes)
    check_count("steps", steps)
    theta = L.check_point(theta)
    if L.P <= DENSE_PARAMETERS:
        nodes = eigenpairs(L, theta, progress=progress).values.cpu().double()[None]
        equal = torch.full_like(nodes, 1 / L.P)
        return Spectrum(nodes, equal, torch.zeros_like(nodes), L.P, L.P, exact=True)
    generator, parts, made = torch.Generator().manual_seed(seed), [], 0
    with progress_bar(probes * steps, "products", progress) as bar, L.threads():
        H = HessianOperator(L, theta, bar)
        steps, at_once = _sizes(H, probes, steps)
        for chunk in torch.split(torch.arange(probes), at_once):
            starts = [torch.randn(L.P, generator=generator, dtype=torch.float64) for _ in chunk]
            noise = torch.finfo(L.precision).eps
            part, products = lanczos_quadrature(H, torch.stack(starts).to(H.device), steps, noise)
            parts.append(part)
            made += products
    nodes, weights, residuals = (torch.cat(rows).cpu() for rows in zip(*parts, strict=True))
    return Spectrum(nodes, weights, residuals, L.P, made, exact=False)


def _sizes(H: HessianOperator, probes: int, steps: int) -> tuple[int, int]:
    """How many steps, and how many probes at once, fit in the memory for vectors."""
    room = H.budget // (8 * H.P)
    fitting = max(1, min(steps, H.P, room - EXTRA_VECTORS))
    if fitting < min(steps, H.P):
        warnings.warn(
            f"the objective's memory budget is enough for {fitting} Lanczos steps, not {steps}, so "
            "the spectrum shows less detail; create the objective with a larger budget, "
            "Objective(…, budget=bytes)",
            stacklevel=3,
        )
    return fitting, max(1, min(probes, room // (fitting + EXTRA_VECTORS)))


def _last(weights: Tensor, chosen: Tensor) -> Tensor:
    """The last weight above 0 among the chosen ones in each row; 0 if there is none."""
    positive = chosen & (weights > 0)
    places = torch.arange(1, weights.shape[1] + 1).to(weights.device) * positive
    last = places.argmax(dim=1, keepdim=True)
    return (weights * positive).gather(1, last)[:, 0]


def _checked(value: float) -> float:
    if math.isnan(value):
        raise ValueError("value must be a number to compare eigenvalues with, got nan")
    return value


def _percent(fraction: Estimate) -> str:
    error = f" ± {100 * fraction.error:.2g}%" if fraction.error else ""
    return f"{100 * fraction:.3g}%{error}"
