"""Chapter 14: how far you can trust a picture of your own network."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from lossviz_helpers import Objective, Recorder, Slice, Trajectory, conv_net, digits
from lossviz_helpers.course.scenarios import PICTURES

from .ledger import Claim, Measure, Variation

SEEDS = range(14)
EARLY, LATER = 20, 40  # steps
REACH = 0.8  # of the window, as in the chapter
LINES = 8  # random ones through the trained net

HOW = (
    "residual conv net of width 8, 1000 digits; each seed has its own digits, start and batches; "
    "batches of 64, SGD, momentum 0.9, lr 0.1, 96 steps"
)


class Trained(NamedTuple):
    """A trained net: its landscape, its walk, and its digits."""

    L: Objective
    walk: Trajectory
    x: Tensor
    y: Tensor


def with_group_norm(net: nn.Module) -> nn.Module:
    """The same net, with layers that normalise each example separately."""
    for parent in list(net.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.BatchNorm2d):
                setattr(parent, name, nn.GroupNorm(1, child.num_features))
    return net


@contextmanager
def on_one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def train_by_sgd(net: nn.Module, loader: DataLoader, record: Recorder, lr: float) -> None:
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=PICTURES.momentum)
    for _ in range(PICTURES.steps // len(loader)):
        for pictures, labels in loader:
            optimizer.zero_grad()
            F.cross_entropy(net(pictures), labels).backward()
            optimizer.step()
            record.step()


@cache
def trained(seed: int, statistics: bool = True, lr: float = PICTURES.lr) -> Trained:
    """A trained net of this seed; without statistics, it has group normalisation instead."""
    net = conv_net(width=8, seed=seed)
    if not statistics:
        net = with_group_norm(net)
    train, _ = digits(PICTURES.n_train, seed)
    x, y = train.x.view(-1, 1, 8, 8), train.y
    order = torch.Generator().manual_seed(seed)
    loader = DataLoader(TensorDataset(x, y), PICTURES.batch_size, shuffle=True, generator=order)
    record = Recorder(net, every=EARLY)
    with on_one_thread():  # the net is small, and the machine may be busy
        train_by_sgd(net, loader, record, lr)
    L = Objective(net.eval(), (x, y), F.cross_entropy)
    return Trained(L, record.trajectory(L), x, y)


def shown_over_met(step: int = EARLY, **how: object) -> Measure:
    """The loss in the picture, divided by the one that training itself saw at this step."""

    def ratio(seed: int) -> float:
        net = trained(seed, **how)
        with torch.no_grad():
            model = net.L.model_at(net.walk.points[step // EARLY]).train()
            met = F.cross_entropy(model(net.x), net.y)
        return float(net.walk.losses[step // EARLY] / met)

    return lambda seeds: [ratio(seed) for seed in seeds]


def off_by(measure: Measure) -> Measure:
    """How far a ratio is from 1."""
    return lambda seeds: [abs(ratio - 1) for ratio in measure(seeds)]


def vanishing_share(reach: float = REACH, **how: object) -> Measure:
    """Fraction of the loss at the ends of random lines that vanishes with their own statistics."""

    def share(seed: int) -> float:
        net = trained(seed, **how)
        own = Objective(net.L.model, (net.x, net.y), F.cross_entropy, statistics="own")
        lines = Slice.random(net.walk.end, LINES, seed, net.L.filters)
        ends = [lines.origin + side * reach * d for d in lines.directions for side in (-1, 1)]
        drawn, fresh = (mean_loss(L, ends) for L in (net.L, own))
        return 1 - fresh / drawn

    return lambda seeds: [share(seed) for seed in seeds]


def mean_loss(L: Callable[[Tensor], Tensor], points: Sequence[Tensor]) -> float:
    with torch.no_grad():
        return sum(float(L(point)) for point in points) / len(points)


HALF = "learning rate 0.05 instead of 0.1"

CLAIMS = [
    Claim(
        "14.1",
        "With batch normalisation, a picture that keeps the running statistics of the end shows a "
        "higher loss early in training than the net in training mode has.",
        "ours",
        HOW + "; compared with statistics measured on all digits at the point",
        "loss in the picture, divided by that of the net in training mode, after 20 steps",
        SEEDS,
        shown_over_met(),
        above=1.5,
        varied=(
            Variation(HALF, shown_over_met(lr=0.05), "the learning rate is 0.1"),
            Variation("after 40 steps instead of 20", shown_over_met(LATER), "training is early"),
        ),
        cell="c14-18",
    ),
    Claim(
        "14.2",
        "With group or layer normalisation, which keep no statistics, a picture shows the same "
        "loss as the net in training mode has.",
        "ours",
        HOW + "; group normalisation in place of batch normalisation; both losses on all digits",
        "relative difference of the two losses after 20 steps",
        SEEDS,
        off_by(shown_over_met(statistics=False)),
        below=1e-3,
        proof="group and layer normalisation compute the same in training and in evaluation, "
        "so both losses are the same function of the point",
        cell="c14-18",
    ),
    Claim(
        "14.3",
        "More than half of the height of the walls around a net with batch normalisation is due "
        "to statistics that don't fit.",
        "ours",
        HOW + "; 8 random filter-normalised lines, both ends, α = ±0.8",
        "fraction of the mean loss at the ends that vanishes with statistics measured there",
        SEEDS,
        vanishing_share(),
        above=0.5,
        varied=(
            Variation(HALF, vanishing_share(lr=0.05), "the learning rate is 0.1"),
            Variation("α = ±0.4 instead of ±0.8", vanishing_share(0.4), "the ends are far out"),
        ),
        cell="c14-40",
    ),
]
