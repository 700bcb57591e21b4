"""What every measure of sharpness has to prove, and what to fix if it can't.

Each function takes a name and its `Measure`, and raises an AssertionError that says what to change.
"""

import inspect

import pytest
import torch
from known import normal
from torch import Tensor, nn

from lossviz_helpers import Objective
from lossviz_helpers.curvature import MEASURES, sharpness
from lossviz_helpers.curvature.measures import RESCALINGS, Measure


def every_measure_is_listed() -> None:
    public = {
        name for name, f in vars(sharpness).items()
        if inspect.isfunction(f) and f.__module__ == sharpness.__name__ and name[0] != "_"
    }  # fmt: skip
    missing = ", ".join(sorted(public - set(MEASURES)))
    assert not missing, (
        f"{missing}: put @measure(on_a_bowl=…, invariant_to=…) above it, with its value on a bowl "
        "whose Hessian is known; helpers begin with an underscore"
    )


def it_says_what_it_takes(name: str, measure: Measure) -> None:
    text = inspect.getdoc(measure.function) or ""
    for part in ("Args:", "Raises:", ">>> ", "nvariant"):
        what = "word on what it is invariant to" if part == "nvariant" else part.strip()
        assert part in text, f"{name}: its docstring has no {what}"


def it_is_right_on_a_round_bowl(name: str, measure: Measure) -> None:
    for curvature in (0.5, 3.0):
        _compare(name, measure, torch.full((4,), curvature), tolerance=1e-5)


def it_is_right_where_curvatures_differ(name: str, measure: Measure) -> None:
    _compare(name, measure, torch.tensor([4.0, 1.0, 0.25, 0.0]), measure.tolerance)


def _compare(name: str, measure: Measure, c: Tensor, tolerance: float) -> None:
    c, theta = c.double(), torch.tensor([1.0, -2.0, 3.0, 0.5], dtype=torch.float64)
    expected, found = measure.on_a_bowl(c, theta), value(name, measure, bowl(c), theta)
    assert found == pytest.approx(expected, rel=tolerance), (
        f"{name} of ½ Σ cᵢθᵢ² with c = {c.tolist()} at θ = {theta.tolist()} is {found:.6g}, "
        f"on_a_bowl says {expected:.6g}; one of them is wrong"
    )


def it_is_invariant_to_what_it_says(name: str, measure: Measure) -> None:
    unknown = set(measure.invariant_to) - set(RESCALINGS)
    assert not unknown, f"{name}: invariant_to takes {RESCALINGS}, got {unknown}"
    L = relu_net()
    here = value(name, measure, L, L.point())
    for what in RESCALINGS:
        there = value(name, measure, L, rescaled(L, 3.0, what))
        same = there == pytest.approx(here, rel=1e-3)
        if what in measure.invariant_to:
            assert same, (
                f"{name} says that it is invariant to rescaling {what}, but it goes from "
                f"{here:.4g} to {there:.4g} while the function stays the same"
            )
        else:
            assert not same, f"{name} is invariant to rescaling {what}: say so in invariant_to"


def it_gives_the_same_number_again(name: str, measure: Measure) -> None:
    L, state = relu_net(), torch.random.get_rng_state()
    theta = L.point()
    before = theta.clone()
    first, second = (value(name, measure, L, theta) for _ in range(2))
    assert first == second, f"{name}: two calls give two numbers; take a seed, not chance"
    assert torch.equal(torch.random.get_rng_state(), state), (
        f"{name} changes PyTorch's random state; take torch.Generator().manual_seed(seed)"
    )
    assert torch.equal(theta, before), f"{name} changes the point that it gets"


def it_refuses_what_it_cannot_measure(name: str, measure: Measure) -> None:
    L = bowl(torch.ones(4).double())
    nowhere = Objective(
        nn.Linear(2, 1), (torch.ones(3, 2), torch.zeros(3, 1)), lambda o, t: o.mean() / t.sum()
    )
    wrong = {
        "a loss that is not finite": (nowhere, nowhere.point(), "finite loss at the point"),
        "several points": (L, torch.zeros(3, 4), "one point of shape (4,)"),
        "a model in place of an objective": (L.model, torch.zeros(4), "Objective"),
    }
    for what, (landscape, theta, message) in wrong.items():
        try:
            measure.function(landscape, theta)
            said = "a number"
        except Exception as err:
            said = str(err)
        assert message in said, (
            f"{name} of {what}: expected an error with {message!r}, got {said!r}; begin with "
            "check_objective(L) and theta, loss = _finite(L, theta)"
        )


MEASURE = (
    it_says_what_it_takes,
    it_is_right_on_a_round_bowl,
    it_is_right_where_curvatures_differ,
    it_is_invariant_to_what_it_says,
    it_gives_the_same_number_again,
    it_refuses_what_it_cannot_measure,
)


def value(name: str, measure: Measure, L: Objective, theta: Tensor) -> float:
    found = measure.function(L, theta)
    assert isinstance(found, float), (
        f"{name} gives a {type(found).__name__}, not a float: end it with .item()"
    )
    return found


def mean_square(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs**2).mean()


def bowl(c: Tensor) -> Objective:
    """L(θ) = ½ Σ cᵢθᵢ², one filter of as many weights; its Hessian is diag(c)."""
    net = nn.Linear(len(c), 1, bias=False).double()
    return Objective(net, (torch.diag((c * len(c) / 2).sqrt()), torch.zeros(len(c))), mean_square)


def relu_net() -> Objective:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2)).double()
    return Objective(net, (normal(20, 3), normal(20, 2, seed=1)), nn.MSELoss())


def rescaled(L: Objective, factor: float, what: str) -> Tensor:
    """The same function at another point: layer 1 times a factor, layer 2's weights divided."""
    units = slice(None) if what == "layers" else slice(0, 3)
    net = L.model_at(L.point())
    with torch.no_grad():
        net[0].weight[units] *= factor
        net[0].bias[units] *= factor
        net[2].weight[:, units] /= factor
    return L.point(net)
