"""Chapter 08: what skip connections, their scale and normalisation each do to the landscape."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.func import functional_call

from lossviz_helpers import (
    Dataset,
    Landscape,
    Objective,
    Slice,
    accuracy,
    cross_entropy,
    deep_net,
    descend,
    digit_classifier,
    digits,
    eigenpairs,
    scan,
)
from lossviz_helpers.course.scenarios import DEEP, DEEP_SGD, DEPTHS, RESCALED, START_SCALE

from .ledger import Claim, Measure, Variation, save_data

SEEDS = range(14)
KINDS: dict[str, dict[str, object]] = {
    "plain": {"skip": False},
    "h + f": {"skip": True, "scale": 1.0},
    "h + f/√depth": {"skip": True},
}
PLAIN, SKIP, SCALED = KINDS
OPTIMISERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "Adam": torch.optim.Adam,
    "SGD": partial(torch.optim.SGD, momentum=DEEP_SGD.momentum),
}
MOST_STEPS = 6000  # plain networks need a few hundred, others a hundred
CURVING, EXCESS, SHARPNESS, ACCURACY = range(4)  # what is measured of a network

Effects = npt.NDArray[np.float64]


class Net(NamedTuple):
    """What may differ between two networks that are compared."""

    kind: str
    norm: bool = False
    depth: int = 20
    width: int = 16
    optimiser: str = "Adam"
    lr: float = DEEP.lr

    def landscape(self, seed: int) -> tuple[Objective, Dataset]:
        """The landscape of this seed's training digits, and the digits that are left for a test."""
        train, test = digits(DEEP.n_train, seed)
        model = deep_net(self.depth, width=self.width, norm=self.norm, **KINDS[self.kind])
        return Objective(model, train, cross_entropy), test


def walk(
    net: Net, landscapes: Sequence[Objective], seeds: Sequence[int]
) -> Iterator[tuple[Tensor, Tensor]]:
    """Train a network of each seed: points `(seeds, P)` and their losses, before every step.

    All seeds train as one tensor, each on its own digits, which takes a tenth of the time.
    """
    L = landscapes[0]
    x, y = (torch.stack([getattr(each, name) for each in landscapes]) for name in "xy")

    def loss(theta: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return cross_entropy(functional_call(L.model, L.parameters_at(theta), x), y)

    theta = (START_SCALE * L.initial_points(seeds)).requires_grad_()
    optimizer = OPTIMISERS[net.optimiser]([theta], lr=net.lr)
    while True:
        losses = torch.vmap(loss)(theta, x, y)
        yield theta.detach().clone(), losses.detach()
        (theta.grad,) = torch.autograd.grad(losses.sum(), theta)
        optimizer.step()


@cache
def stopped(net: Net, seeds: tuple[int, ...]) -> tuple[list[Objective], Tensor]:
    """Landscapes, and the first point on each seed's path with a loss below the limit."""
    landscapes = [net.landscape(seed)[0] for seed in seeds]
    done = torch.zeros(len(seeds), dtype=torch.bool)
    ends = landscapes[0].initial_points(seeds)
    for theta, losses in islice(walk(net, landscapes, seeds), MOST_STEPS):
        arrived = ~done & (losses < DEEP.stop)
        ends[arrived], done = theta[arrived], done | arrived
        if done.all():
            return landscapes, ends
    raise RuntimeError(f"{net} stays above a training loss of {DEEP.stop} for {MOST_STEPS} steps")


@cache
def values(net: Net, seeds: tuple[int, ...]) -> Effects:
    """Fraction that curves down, mean excess loss, log₁₀ λmax, test accuracy in %: `(seeds, 4)`."""
    landscapes, ends = stopped(net, seeds)
    found = []
    for seed, L, theta in zip(seeds, landscapes, ends, strict=True):
        land = scan(L, Slice.random(theta, 2, seed, L.filters), 21, progress=False)
        highest, _ = eigenpairs(L, theta, 1, "highest", progress=False)
        _, test = net.landscape(seed)
        right = 100 * float(accuracy(L.predict(theta, test.x), test.y))
        excess = float(land.loss.mean() - L(theta).item())
        found.append((land.curving_down(), excess, float(highest.log10()), right))
    return np.array(found)


def write_data() -> None:
    """What chapter 08 loads: planes of seed 0 at equal loss, and all measures of the ledger."""

    def plane(depth: int, norm: bool, kind: str) -> Landscape:
        (L,), (theta,) = stopped(Net(kind, norm, depth), (0,))
        return scan(L, Slice.random(theta, 2, 0, L.filters), 31, progress=False)

    lands = [[[plane(d, norm, k) for k in KINDS] for norm in (False, True)] for d in DEPTHS]
    save_data(
        "08_skip",
        depths=DEPTHS,
        axis=lands[0][0][0].axes[0],
        loss=[[[land.loss for land in row] for row in rows] for rows in lands],
        curving=[[[land.curving_down() for land in row] for row in rows] for rows in lands],
    )
    seeds = tuple(SEEDS)
    save_data(
        "08_measures",
        apart=[[values(Net(k, norm), seeds) for k in KINDS] for norm in (False, True)],
        depths=[[values(Net(k, depth=d), seeds) for k in KINDS] for d in DEPTHS],
        optimisers=[[values(run, seeds) for run in pair] for pair in CROSSED],
    )


# -- two networks that differ in one thing ---------------------------------------------------------

CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "depth 10 instead of 20": ({"depth": 10}, "the network has 20 layers, not 10"),
    "width 32 instead of 16": ({"width": 32}, "the layers are narrow"),
    "learning rate 1e-3 instead of 2e-3": ({"lr": 1e-3}, "the learning rate is 2e-3"),
    "with a normalisation layer": ({"norm": True}, "there is no normalisation layer"),
    "without a normalisation layer": ({"norm": False}, "there is a normalisation layer"),
    "in plain networks": ({"kind": PLAIN}, "there are skip connections"),
    "with f/√depth": ({"kind": SCALED}, "the branch isn't scaled"),
}


def difference(one: Net, other: Net, column: int) -> Measure:
    """A measurement of one network minus the same measurement of the other, for each seed."""

    def measure(seeds: Sequence[int]) -> list[float]:
        both = values(one, tuple(seeds)), values(other, tuple(seeds))
        return np.subtract(*both)[:, column].tolist()

    return measure


def changed(one: Net, other: Net, column: int, *names: str) -> tuple[Variation, ...]:
    """The same difference with one thing changed in both networks."""

    def variations() -> Iterator[Variation]:
        for name in names:
            change, needs = CHANGES[name]
            pair = one._replace(**change), other._replace(**change)
            yield Variation(name, difference(*pair, column), needs)

    return tuple(variations())


SIZE = ("depth 10 instead of 20", "width 32 instead of 16")
RATE = "learning rate 1e-3 instead of 2e-3"
NORM = "with a normalisation layer"


def rise_with_depth(kind: str) -> Measure:
    """How much more of the plane curves down at depth 20 than at depth 3."""
    return difference(Net(kind), Net(kind, depth=DEPTHS[0]), CURVING)


def rises_less(kind: str) -> Measure:
    """How much less this fraction rises with depth than in plain networks."""
    return lambda seeds: np.subtract(
        rise_with_depth(PLAIN)(seeds), rise_with_depth(kind)(seeds)
    ).tolist()


# -- the scale without the skip --------------------------------------------------------------------


def with_scale(L: Objective, depth: int) -> Objective:
    """The landscape of a plain network whose layers output f/√depth, on the same digits."""
    model = deep_net(depth, skip=False, scale=depth**-0.5)
    return Objective(model, (L.x, L.y), cross_entropy)


def compensated(L: Objective, theta: Tensor, depth: int) -> Tensor:
    """The point where every weight matrix that acts on f/√depth is √depth times as large."""
    parts = L.parameters_at(theta)
    for name, weights in parts.items():
        if weights.ndim == 2 and name not in ("first.weight", "layers.0.weight"):
            parts[name] = weights * depth**0.5
    return torch.cat([part.flatten() for part in parts.values()])


def scale_changes_the_picture(seeds: Sequence[int]) -> list[float]:
    """Largest difference between the two maps, at points that represent the same function."""
    net, found = Net(PLAIN), []
    for seed, L, theta in zip(seeds, *stopped(net, tuple(seeds)), strict=True):
        other = with_scale(L, net.depth), compensated(L, theta, net.depth)
        one, two = (
            scan(L, Slice.random(point, 2, seed, L.filters), 11, progress=False).loss
            for L, point in ((L, theta), other)
        )
        found.append(float(abs(one - two).max()))
    return found


def loss_of_the_scale_alone(depth: int = 20) -> Measure:
    """Training loss of a plain network with f/√depth, started like the others, after 400 steps."""
    net = Net(PLAIN, depth=depth)

    def measure(seeds: Sequence[int]) -> list[float]:
        landscapes = [with_scale(net.landscape(seed)[0], depth) for seed in seeds]
        _, losses = next(islice(walk(net, landscapes, seeds), 400, None))
        return losses.tolist()

    return measure


# -- architecture or optimiser ---------------------------------------------------------------------

SGD = {"optimiser": "SGD", "lr": DEEP_SGD.lr}
CROSSED = [[Net(kind), Net(kind, **SGD)] for kind in (PLAIN, SCALED)]


def optimiser_beyond_architecture(column: int, **change: object) -> Measure:
    """Change due to the optimiser minus change due to the architecture, as log₁₀ of a ratio."""

    def measure(seeds: Sequence[int]) -> list[float]:
        (pa, ps), (sa, ss) = [
            [values(net._replace(**change), tuple(seeds))[:, column] for net in pair]
            for pair in CROSSED
        ]
        if column == EXCESS:
            pa, ps, sa, ss = (np.log10(x) for x in (pa, ps, sa, ss))
        by_optimiser = abs(pa - ps) + abs(sa - ss)
        by_architecture = abs(pa - sa) + abs(ps - ss)
        return ((by_optimiser - by_architecture) / 2).tolist()

    return measure


def sharper_with_adam(kind: str) -> Measure:
    return difference(Net(kind), Net(kind, **SGD), SHARPNESS)


# -- twins -----------------------------------------------------------------------------------------


@cache
def trained_net(seed: int) -> tuple[Objective, Tensor]:
    train, _ = digits(RESCALED.n_train, seed)
    L = Objective(digit_classifier(), train, cross_entropy)
    start = L.initial_points([seed])[0]
    return L, descend(L, start, RESCALED.steps, RESCALED.lr, every=RESCALED.steps).end


def picture_changes(filters: bool, even: float = 10.0, odd: float = 10.0) -> Measure:
    """Largest difference between the maps of a net and its twin, whose units are rescaled."""

    def measure(seeds: Sequence[int]) -> list[float]:
        changes = []
        side = 1 if filters else 8
        factors = torch.full((64,), even)
        factors[1::2] = odd
        for seed in seeds:
            L, theta = trained_net(seed)
            W1, b1, W2, b2 = L.parameters_at(theta).values()
            parts = ((factors[:, None] * W1).flatten(), factors * b1, (W2 / factors).flatten(), b2)
            one, other = (
                scan(
                    L,
                    Slice.random(p, 2, seed, L.filters if filters else None),
                    11,
                    ((-side, side),) * 2,
                    progress=False,
                ).loss
                for p in (theta, torch.cat(parts))
            )
            changes.append(float(abs(one - other).max()))
        return changes

    return measure


HOW = (
    "200 digits, new ones for each seed; tanh nets of depth 20 and width 16; initial parameters "
    "× √3, Adam, lr 2e-3, full batch, stopped at a training loss of 0.1; filter-normalised plane, "
    "21×21"
)
TWIN = (
    "64-64-10 ReLU net on 200 digits, new ones for each seed; its twin: layer 1 × 10, layer 2 / "
    "10; same random directions"
)
LI = "Li et al. 2018, section"
POST = "Hansen & Cmehil-Warn 2022, section Exploring the Loss Landscape"
KIRVEN = "Kirven 2019, section Visualizing More Complex Landscapes"
CURVED = "fraction of the plane that curves down"
MEAN = "mean excess loss of the plane"


def compare(
    number: str,
    says: str,
    source: str,
    what: str,
    one: Net,
    other: Net,
    column: int,
    *names: str,
    cell: str = "c08-33",
) -> Claim:
    """A claim that something is larger for one network than for another."""
    return Claim(
        number,
        says,
        source,
        HOW,
        what,
        SEEDS,
        difference(one, other, column),
        varied=changed(one, other, column, *names),
        cell=cell,
    )


CLAIMS = [
    Claim(
        "08.1",
        "Raw random directions show the scale of the weights: twins with rescaled layers, which "
        "compute the same function, look different.",
        f"{LI} 4",
        TWIN + "; planes −8 to 8, 11×11",
        "largest difference between the two maps",
        SEEDS,
        picture_changes(filters=False),
        above=1.0,
        varied=(
            Variation(
                "layer 1 × 3, layer 2 / 3",
                picture_changes(False, 3.0, 3.0),
                "layers are rescaled by more than 3",
            ),
        ),
        cell="c08-10",
    ),
    Claim(
        "08.2",
        "Filter normalisation makes the picture independent of the scale of whole layers.",
        f"{LI} 4",
        TWIN + "; planes −1 to 1, 11×11",
        "largest difference between the two maps",
        SEEDS,
        picture_changes(filters=True),
        below=1e-2,
        proof="the direction grows with the layer, so every model on the twin's plane is itself "
        "the twin of the model at the same place",
        cell="c08-10",
    ),
    Claim(
        "08.3",
        "Filter normalisation doesn't undo the rescaling of single units.",
        "ours, after Dinh et al. 2017, section 4",
        TWIN.partition(";")[0] + "; its twin: hidden units alternately × 10 and / 10",
        "largest difference between the two maps",
        SEEDS,
        picture_changes(True, 10.0, 0.1),
        above=1.0,
        varied=(
            Variation(
                "hidden units alternately × 3 and / 3",
                picture_changes(True, 3.0, 1 / 3),
                "units are rescaled by more than 3",
            ),
        ),
        cell="c08-15",
    ),
    compare(
        "08.4",
        "Skip connections alone, h + f, make the landscape smoother.",
        f"{LI} 6, for networks with batch normalisation; {POST}; {KIRVEN}",
        f"{CURVED}, plain − (h + f)",
        Net(PLAIN),
        Net(SKIP),
        CURVING,
        *SIZE,
        NORM,
    ),
    compare(
        "08.5",
        "Skip connections alone, h + f, keep the loss around the solution low.",
        f"{LI} 6, for networks with batch normalisation",
        f"{MEAN}, plain − (h + f)",
        Net(PLAIN),
        Net(SKIP),
        EXCESS,
        *SIZE,
        NORM,
    ),
    compare(
        "08.6",
        "Without skip connections, the solution is sharper.",
        f"{LI} 6",
        "log₁₀ of λmax, plain − (h + f), both with a normalisation layer",
        Net(PLAIN, norm=True),
        Net(SKIP, norm=True),
        SHARPNESS,
        "without a normalisation layer",
    ),
    compare(
        "08.7",
        "Scaling the branch by 1/√depth makes residual landscapes smoother.",
        "ours",
        f"{CURVED}, (h + f) − (h + f/√depth)",
        Net(SKIP),
        Net(SCALED),
        CURVING,
        *SIZE,
        RATE,
        NORM,
    ),
    compare(
        "08.8",
        "Scaling the branch by 1/√depth keeps the loss around the solution low.",
        "ours",
        f"{MEAN}, (h + f) − (h + f/√depth)",
        Net(SKIP),
        Net(SCALED),
        EXCESS,
        *SIZE,
        RATE,
        NORM,
    ),
    compare(
        "08.9",
        "Scaling the branch by 1/√depth makes the solution less sharp.",
        "ours",
        "log₁₀ of λmax, (h + f) − (h + f/√depth)",
        Net(SKIP),
        Net(SCALED),
        SHARPNESS,
        *SIZE,
        RATE,
        NORM,
    ),
    compare(
        "08.10",
        "At equal training loss, networks with the branch scaled by 1/√depth classify more new "
        "digits correctly.",
        "ours",
        "test accuracy in percentage points, (h + f/√depth) − (h + f)",
        Net(SCALED),
        Net(SKIP),
        ACCURACY,
        *SIZE,
        RATE,
        NORM,
    ),
    compare(
        "08.11",
        "At equal training loss, networks with skip connections alone, h + f, classify more new "
        "digits correctly.",
        "ours",
        "test accuracy in percentage points, (h + f) − plain, both with a normalisation layer",
        Net(SKIP, norm=True),
        Net(PLAIN, norm=True),
        ACCURACY,
        "without a normalisation layer",
    ),
    compare(
        "08.12",
        "A normalisation layer makes the landscape around h + f smoother.",
        "ours",
        f"{CURVED}, without − with",
        Net(SKIP),
        Net(SKIP, norm=True),
        CURVING,
        "in plain networks",
        "with f/√depth",
    ),
    compare(
        "08.13",
        "A normalisation layer keeps the loss around the solution of h + f low.",
        "ours",
        f"{MEAN}, without − with",
        Net(SKIP),
        Net(SKIP, norm=True),
        EXCESS,
        "in plain networks",
        "with f/√depth",
    ),
    compare(
        "08.14",
        "At equal training loss, h + f classifies more new digits correctly with a normalisation "
        "layer than without.",
        "ours",
        "test accuracy in percentage points, with − without",
        Net(SKIP, norm=True),
        Net(SKIP),
        ACCURACY,
        "in plain networks",
        "with f/√depth",
    ),
    Claim(
        "08.15",
        "In a plain network, scaling f by 1/√depth changes no filter-normalised picture.",
        "ours",
        HOW.replace("21×21", "11×11") + "; the weights used with f/√depth are √depth times as "
        "large, so that both networks compute the same function",
        "largest difference between the maps of f and f/√depth",
        SEEDS,
        scale_changes_the_picture,
        below=1e-2,
        proof="W·(h/√depth) = (W/√depth)·h, and the direction grows with W, so every model on one "
        "plane computes the same function as the model at the same place on the other",
        cell="c08-61",
    ),
    Claim(
        "08.16",
        "A plain network with f/√depth, initialised like the others, doesn't learn.",
        "ours",
        HOW.partition(", stopped")[0] + ", 400 steps",
        "training loss after 400 steps; a uniform guess has 2.3",
        SEEDS,
        loss_of_the_scale_alone(),
        above=2.0,
        varied=(
            Variation(
                "depth 10 instead of 20",
                loss_of_the_scale_alone(depth=10),
                "the network has 20 layers",
            ),
        ),
        cell="c08-37",
    ),
    Claim(
        "08.17",
        "The landscapes of plain networks get rougher with depth.",
        f"{LI} 6",
        HOW.replace("depth 20", "depths 3 and 20"),
        f"{CURVED}, depth 20 − depth 3",
        SEEDS,
        rise_with_depth(PLAIN),
        varied=(
            Variation(
                NORM,
                difference(Net(PLAIN, True), Net(PLAIN, True, depth=DEPTHS[0]), CURVING),
                CHANGES[NORM][1],
            ),
        ),
        cell="c08-34",
    ),
    Claim(
        "08.18",
        "With skip connections networks get rougher with depth less than plain ones do.",
        f"{LI} 6",
        HOW.replace("depth 20", "depths 3 and 20") + "; h + f/√depth",
        f"rise with depth of the {CURVED}, plain − (h + f/√depth)",
        SEEDS,
        rises_less(SCALED),
        varied=(
            Variation(
                "h + f instead of h + f/√depth",
                rises_less(SKIP),
                "the branch is scaled by 1/√depth",
            ),
        ),
        cell="c08-34",
    ),
    Claim(
        "08.19",
        "The shape of the landscape near the end of training depends more on the optimiser than "
        "on the architecture.",
        f"{POST}: it depends completely on the optimiser",
        HOW + "; Adam against SGD (lr 0.01, momentum 0.9), plain against h + f/√depth",
        "log₁₀ of the ratio of mean excess losses, between optimisers − between architectures",
        SEEDS,
        optimiser_beyond_architecture(EXCESS),
        varied=(
            Variation(
                "depth 10 instead of 20",
                optimiser_beyond_architecture(EXCESS, depth=10),
                "the network has 20 layers",
            ),
            Variation(
                "λmax instead of excess loss",
                optimiser_beyond_architecture(SHARPNESS),
                "the shape is measured by excess loss",
            ),
        ),
        cell="c08-45",
    ),
    Claim(
        "08.20",
        "At equal training loss, Adam ends at a sharper point than SGD.",
        "ours",
        HOW + "; Adam against SGD (lr 0.01, momentum 0.9), h + f/√depth",
        "log₁₀ of λmax, Adam − SGD",
        SEEDS,
        sharper_with_adam(SCALED),
        varied=(
            Variation(
                "plain instead of h + f/√depth",
                sharper_with_adam(PLAIN),
                "the network is h + f/√depth and not plain",
            ),
        ),
        cell="c08-45",
    ),
]
