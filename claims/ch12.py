"""Chapter 12: how far you can trust a picture of your own network."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from lossviz_helpers import Objective, Recorder, conv_net, digits
from lossviz_helpers.course.scenarios import PICTURES

from .ledger import Claim, Variation

HOW = (
    "residual conv net of width 8, 1000 digits, batches of 64, SGD momentum .9 lr .1, 96 steps; "
    "statistics of batch normalisation as training left them, against those of all data at the "
    "point"
)
EARLY = 20  # steps


def with_group_norm(net: nn.Module) -> nn.Module:
    """The same net, with layers that look at one example at a time."""
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


def train_by_sgd(net: nn.Module, loader: DataLoader, record: Recorder) -> None:
    optimizer = torch.optim.SGD(net.parameters(), lr=PICTURES.lr, momentum=PICTURES.momentum)
    for _ in range(PICTURES.steps // len(loader)):
        for pictures, labels in loader:
            optimizer.zero_grad()
            F.cross_entropy(net(pictures), labels).backward()
            optimizer.step()
            record.step()


def gap(net: nn.Module, seed: int) -> float:
    """How far the loss in the picture is from that which training met at an early step."""
    train, _ = digits(PICTURES.n_train)
    x = train.x.view(-1, 1, 8, 8)
    order = torch.Generator().manual_seed(seed)
    examples, size = TensorDataset(x, train.y), PICTURES.batch_size
    loader = DataLoader(examples, size, shuffle=True, generator=order)
    record = Recorder(net, every=EARLY)
    with on_one_thread():  # the net is small, and the machine may be busy
        train_by_sgd(net, loader, record)
    L = Objective(net.eval(), (x, train.y), F.cross_entropy)
    path = record.trajectory(L)
    with torch.no_grad():
        met = F.cross_entropy(L.model_at(path.points[1]).train()(x), train.y)
    return float(abs(path.losses[1] / met - 1))


def shows_what_was_met(seeds: Sequence[int]) -> list[float]:
    return [0.5 - gap(conv_net(width=8, seed=seed), seed) for seed in seeds]


def shows_it_without_statistics(seeds: Sequence[int]) -> list[float]:
    return [0.5 - gap(with_group_norm(conv_net(width=8, seed=seed)), seed) for seed in seeds]


CLAIMS = [
    Claim(
        "12.1",
        "A picture of a training path shows the losses that training met.",
        "common practice, as in Li et al. 2018, section 7",
        HOW,
        "one half minus the relative difference of the two at step 20",
        range(6),
        shows_it_without_statistics,
        varied=(
            Variation(
                "without the condition", shows_what_was_met, "no layer keeps statistics of the data"
            ),
        ),
    ),
]
