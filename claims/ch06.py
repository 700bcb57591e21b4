"""Chapter 6: saddles, how walks leave them, and which planes show them."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Tensor, nn

from lossviz_helpers import (
    Objective,
    cross_entropy,
    descend,
    diagonal,
    digits,
    eigen_slice,
    hessian,
    model_3,
    squared_error,
    xor,
)
from lossviz_helpers.course.saddles import (
    centred_diagonal,
    clearly_negative,
    clusters,
    curve_down,
    flat_place,
    random_planes,
)
from lossviz_helpers.course.scenarios import (
    CLUSTERS,
    CURVED,
    CURVED_WIDTH,
    LINGERING,
    PLANES,
    WALK,
    Clusters,
    Lingering,
)
from lossviz_helpers.datasets import Dataset

from .ledger import Claim, Measure, Variation

SEEDS = range(14)
STARTS = 5  # walks of a seed
MOST = 1000  # steps away from a saddle


def each(effect: Callable[[int], float]) -> Measure:
    return lambda seeds: [effect(seed) for seed in seeds]


# -- leaving a saddle ------------------------------------------------------------------------------


def off_prediction(of: Lingering, optimizer: str = "SGD", momentum: float = 0.0) -> Measure:
    """Largest relative difference between measured and predicted steps, all scales and walks."""

    def effect(seed: int) -> float:
        worst = 0.0
        for scale in of.scales:
            data = centred_diagonal(of.examples, scale, seed)
            L = Objective(model_3(output="linear"), data, squared_error)
            values, vectors = torch.linalg.eigh(hessian(L, torch.zeros(13, dtype=torch.float64)))
            down = vectors[:, :3]  # the three lowest eigenvalues are equal
            drawn = L.initial_points(range(STARTS * seed, STARTS * seed + STARTS))
            start = of.near * drawn / (drawn @ down).norm(dim=1, keepdim=True)
            predicted = math.log(of.far / of.near) / math.log1p(of.lr * -values[0].item())
            sgd = {"optimizer": torch.optim.SGD, "momentum": momentum}
            options = sgd if optimizer == "SGD" else {}
            most = min(math.ceil(1.5 * predicted), MOST)  # only variations need more
            walk = descend(L, start, most, of.lr, **options)
            steps = ((walk.points @ down).norm(dim=-1) < of.far).sum(dim=0)
            worst = max(worst, (steps / predicted - 1).abs().max().item())
        return worst

    return each(effect)


LEAVING = (
    f"Model 3 with a linear output on the centred diagonal, {LINGERING.examples} examples, all "
    f"parameters 0, targets × 1 to 1/8; gradient descent, lr {LINGERING.lr}; each seed has its own "
    f"data and {STARTS} starts, {LINGERING.near} away along the directions that lead down; "
    f"they have left at {LINGERING.far}; followed for 1.5 times the predicted steps at most"
)


# -- points on walks -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Walked:
    """Five walks of a net, and the points on them after some numbers of steps."""

    L: Objective
    points: Tensor  # (steps + 1, 5, P)


@cache
def on_xor(seed: int, optimizer: str = "Adam") -> Walked:
    L = Objective(model_3(), xor(seed=seed), squared_error)
    start = L.initial_points(range(STARTS * seed, STARTS * seed + STARTS))
    how = {"Adam": {"lr": WALK.lr}, "SGD": {"lr": 1.0, "optimizer": torch.optim.SGD}}
    return Walked(L, descend(L, start, WALK.steps, **how[optimizer]).points)


@cache
def on_digits(seed: int, activation: type[nn.Module] = nn.Tanh, squared: bool = False) -> Walked:
    x, y = digits(seed=seed)[0]
    net = nn.Sequential(
        nn.Linear(64, CURVED_WIDTH), activation(), nn.Linear(CURVED_WIDTH, 10)
    ).double()
    target = torch.eye(10, dtype=torch.float64)[y] if squared else y
    L = Objective(net, Dataset(x.double(), target), squared_error if squared else cross_entropy)
    start = L.initial_points([seed])
    return Walked(L, descend(L, start, CURVED.steps, CURVED.lr).points)


@cache
def on_clusters(seed: int, of: Clusters) -> Walked:
    net = nn.Sequential(
        nn.Linear(of.inputs, CURVED_WIDTH), nn.Tanh(), nn.Linear(CURVED_WIDTH, of.classes)
    ).double()
    L = Objective(net, clusters(of, seed), squared_error)
    return Walked(L, descend(L, L.initial_points([seed]), of.steps, of.lr).points)


def share_of_planes(walked: Callable[[int], Walked], step: int) -> Measure:
    """Fraction of random planes that curve down, mean over points with a clearly negative λ."""

    def effect(seed: int) -> float:
        on = walked(seed)
        shares = []
        for theta in on.points[step]:
            H = hessian(on.L, theta)
            if clearly_negative(torch.linalg.eigvalsh(H)):
                shares.append(curve_down(H, random_planes(on.L.P, seed=seed)).double().mean())
        return torch.stack(shares).mean().item()

    return each(effect)


def plane_misses_lowest(seed: int) -> float:
    """How far the lowest curvature of the eigenvectors' plane is from the lowest eigenvalue."""
    on = on_xor(seed)
    found = []
    for theta in on.points[40]:
        H = hessian(on.L, theta)
        view = eigen_slice(on.L, theta)
        on_plane = torch.linalg.eigvalsh(view.directions @ H @ view.directions.T)[0]
        found.append((on_plane - torch.linalg.eigvalsh(H)[0]).abs())
    return torch.stack(found).max().item()


def mean_of_a_basis(seed: int) -> float:
    """Mean curvature along 13 random perpendicular directions, minus trace / P; largest of 5."""
    on = on_xor(seed)
    generator = torch.Generator().manual_seed(seed)
    found = []
    for theta in on.points[40]:
        H = hessian(on.L, theta)
        Q = torch.linalg.qr(torch.randn(13, 13, generator=generator, dtype=torch.float64)).Q
        found.append(((Q.T @ H @ Q).diagonal().mean() - H.trace() / 13).abs())
    return torch.stack(found).max().item()


def fewer_negative(walked: Callable[[int], Walked], early: int) -> Measure:
    """Clearly negative eigenvalues after `early` steps minus those at the end, mean over walks."""

    def effect(seed: int) -> float:
        on = walked(seed)
        counts = [
            [clearly_negative(torch.linalg.eigvalsh(hessian(on.L, theta))) for theta in points]
            for points in (on.points[early], on.points[-1])
        ]
        before, after = torch.tensor(counts, dtype=torch.float64)
        return (before - after).mean().item()

    return each(effect)


def growth_of_highest(walked: Callable[[int], Walked], early: int) -> Measure:
    """The highest eigenvalue at the end over that after `early` steps, median over walks."""

    def effect(seed: int) -> float:
        on = walked(seed)
        ends = [
            torch.stack([torch.linalg.eigvalsh(hessian(on.L, theta))[-1] for theta in points])
            for points in (on.points[early], on.points[-1])
        ]
        return (ends[1] / ends[0]).median().item()

    return each(effect)


def negative_at_flat_place(
    load: Callable[..., Dataset], hidden: str = "tanh", output: str = "sigmoid"
) -> Measure:
    """Clearly negative eigenvalues at the flat place near a start, median over starts."""

    def effect(seed: int) -> float:
        L = Objective(model_3(hidden=hidden, output=output), load(seed=seed), squared_error)
        starts = L.initial_points(range(STARTS * seed, STARTS * seed + STARTS))
        places = [flat_place(L, start) for start in starts]
        values = torch.stack([torch.linalg.eigvalsh(hessian(L, place)) for place in places])
        return float(clearly_negative(values).median())

    return each(effect)


# -- outliers --------------------------------------------------------------------------------------


def gap(walked: Callable[[int], Walked], after: int, step: int = -1) -> Measure:
    """The eigenvalue number `after`, from the highest, over the next one."""

    def effect(seed: int) -> float:
        on = walked(seed)
        values = torch.linalg.eigvalsh(hessian(on.L, on.points[step][0])).flip(0)
        return (values[after - 1] / values[after]).item()

    return each(effect)


def gap_on_clusters(of: Clusters, step: int = -1) -> Measure:
    return gap(lambda seed: on_clusters(seed, of), of.classes**2, step)


XOR_WALKS = f"Model 3 on *XOR*, Adam, lr {WALK.lr}; each seed has its own data and {STARTS} starts"
ON_DIGITS = f"digits, 64-{CURVED_WIDTH}-10 tanh, Adam, lr {CURVED.lr}"
RANDOM = f"{PLANES} random planes through each point with a clearly negative eigenvalue"

CLAIMS = [
    Claim(
        "06.1",
        "Gradient descent needs ln(far/near) / ln(1 − lr·λ) steps to get from a distance `near` "
        "to a distance `far` of a saddle: no walk is off by more than 5%.",
        "ours",
        LEAVING,
        "largest relative difference between measured and predicted number of steps",
        SEEDS,
        off_prediction(LINGERING),
        below=0.05,
        varied=(
            Variation(
                "gone at 2 instead of 0.1",
                off_prediction(replace(LINGERING, far=2.0)),
                "the walk stays near the saddle",
            ),
            Variation(
                "starts at 0.00001 instead of 0.001",
                off_prediction(replace(LINGERING, near=1e-5)),
                "the walk starts no nearer than that",
            ),
            Variation(
                "momentum 0.9",
                off_prediction(replace(LINGERING, lr=0.1), momentum=0.9),
                "there is no momentum",
            ),
            Variation(
                "Adam, lr 0.001, instead of gradient descent",
                off_prediction(replace(LINGERING, lr=1e-3), "Adam"),
                "the optimiser is gradient descent",
            ),
        ),
        cell="c06-15",
    ),
    Claim(
        "06.2",
        "Random planes rarely show that the landscape curves down: fewer than one in ten do.",
        "Böttcher & Wheeler 2022, abstract",
        f"{XOR_WALKS}; after 60 steps; {RANDOM}",
        "fraction of planes that curve down along some direction",
        SEEDS,
        share_of_planes(on_xor, 60),
        below=0.1,
        varied=(
            Variation(
                "after 20 steps instead of 60",
                share_of_planes(on_xor, 20),
                "training has gone on for a while",
            ),
            Variation(
                "digits, 910 parameters, after 30 steps",
                share_of_planes(on_digits, 30),
                "the data are XOR",
            ),
            Variation(
                "digits, 910 parameters, before training",
                share_of_planes(on_digits, 0),
                "training has begun",
            ),
        ),
        cell="c06-26",
    ),
    Claim(
        "06.3",
        "The plane of the eigenvectors of the lowest and the highest eigenvalue curves down by "
        "exactly the lowest eigenvalue.",
        "Böttcher & Wheeler 2022, abstract",
        f"{XOR_WALKS}; after 40 steps",
        "difference between the lowest curvature on the plane and the lowest eigenvalue",
        SEEDS,
        each(plane_misses_lowest),
        below=1e-10,
        proof="on the plane the Hessian is diagonal, with these two eigenvalues",
        cell="c06-26",
    ),
    Claim(
        "06.4",
        "Along perpendicular directions, however they are turned, the mean curvature is that of "
        "the eigenvectors: the trace divided by P.",
        "Böttcher & Wheeler 2022, abstract",
        f"{XOR_WALKS}; after 40 steps; 13 random perpendicular directions",
        "difference between mean curvature and trace / P",
        SEEDS,
        each(mean_of_a_basis),
        below=1e-10,
        proof="the trace of QᵀHQ is that of HQQᵀ = H",
        cell="c06-29",
    ),
    Claim(
        "06.5",
        "If classes are tight clusters, the spectrum has a gap after classes × outputs "
        "eigenvalues: the last one before it is at least twice the next one.",
        "Papyan 2020, as cited by Garrod & Keating 2024, section 1, for deep nets",
        f"{CLUSTERS.classes} classes of {CLUSTERS.each} points, noise {CLUSTERS.noise}, in "
        f"{CLUSTERS.inputs} dimensions; {CLUSTERS.inputs}-{CURVED_WIDTH}-{CLUSTERS.classes} tanh, "
        f"squared error, Adam, lr {CLUSTERS.lr}, {CLUSTERS.steps} steps; each seed has its own "
        "data and start",
        "eigenvalue number 9, from the highest, over number 10",
        SEEDS,
        gap_on_clusters(CLUSTERS),
        above=2.0,
        varied=(
            Variation(
                "5 classes instead of 3: number 25 over 26",
                gap_on_clusters(replace(CLUSTERS, classes=5)),
                "there are 3 classes",
            ),
            Variation(
                "noise 2 instead of 0.3",
                gap_on_clusters(replace(CLUSTERS, noise=2.0)),
                "the clusters are tight",
            ),
            Variation("before training", gap_on_clusters(CLUSTERS, 0), "the net is trained"),
            Variation(
                "digits, 10 classes: number 100 over 101",
                gap(lambda seed: on_digits(seed, squared=True), 100),
                "it is the net on clusters",
            ),
        ),
        cell="c06-33",
    ),
    Claim(
        "06.6",
        "There are as many outliers as classes: the tenth eigenvalue is at least 1.5 times the "
        "eleventh.",
        "Sagun et al. 2017, as cited by Garrod & Keating 2024, section 1",
        f"{ON_DIGITS}, cross-entropy, {CURVED.steps} steps; each seed has its own digits and start",
        "eigenvalue number 10, from the highest, over number 11",
        SEEDS,
        gap(on_digits, 10),
        above=1.5,
        varied=(
            Variation(
                "ReLU instead of tanh",
                gap(lambda seed: on_digits(seed, nn.ReLU), 10),
                "the units are tanh",
            ),
            Variation(
                "squared error instead of cross-entropy",
                gap(lambda seed: on_digits(seed, squared=True), 10),
                "the loss is cross-entropy",
            ),
            Variation(
                "number 9 over 10", gap(on_digits, 9), "the outliers are counted up to the tenth"
            ),
        ),
        cell="c06-33",
    ),
    Claim(
        "06.7",
        "During training the landscape loses negative eigenvalues: at the end fewer are clearly "
        "negative than after 20 steps.",
        "ours",
        f"{XOR_WALKS}; {WALK.steps} steps; clearly negative: below −0.5% of the largest in size",
        "clearly negative eigenvalues after 20 steps minus those at the end, mean over walks",
        SEEDS,
        fewer_negative(on_xor, 20),
        varied=(
            Variation(
                "gradient descent, lr 1, instead of Adam",
                fewer_negative(lambda seed: on_xor(seed, "SGD"), 20),
                "the optimiser is Adam",
            ),
            Variation(
                "digits, 910 parameters",
                fewer_negative(on_digits, 20),
                "the data are XOR",
            ),
        ),
        cell="c06-36",
    ),
    Claim(
        "06.8",
        "The highest eigenvalue grows during training: at the end it is higher than after 20 "
        "steps.",
        "Cohen et al. 2021, section 3.1, for gradient descent",
        f"{XOR_WALKS}; {WALK.steps} steps",
        "highest eigenvalue at the end over that after 20 steps, median over walks",
        SEEDS,
        growth_of_highest(on_xor, 20),
        above=1.0,
        varied=(
            Variation(
                "gradient descent, lr 1, instead of Adam",
                growth_of_highest(lambda seed: on_xor(seed, "SGD"), 20),
                "the optimiser is Adam",
            ),
            Variation(
                "digits, cross-entropy",
                growth_of_highest(on_digits, 20),
                "it is Model 3 on XOR, with squared error",
            ),
        ),
        cell="c06-36",
    ),
    Claim(
        "06.9",
        "The flat place that Newton's method finds from the start of training is a saddle: it has "
        "clearly negative eigenvalues.",
        "ours",
        f"Model 3 on *XOR*; each seed has its own data and {STARTS} starts; the bound was 0 when "
        "it was measured, which left a median of 0 open instead of counting it against the claim",
        "clearly negative eigenvalues at the flat place, median over starts",
        SEEDS,
        negative_at_flat_place(xor),
        above=0.5,
        varied=(
            Variation(
                "diagonal instead of XOR", negative_at_flat_place(diagonal), "the data are XOR"
            ),
            Variation(
                "sigmoid instead of tanh units",
                negative_at_flat_place(xor, hidden="sigmoid"),
                "the units are tanh",
            ),
        ),
        cell="c06-18",
    ),
    Claim(
        "06.10",
        "In a network of 910 parameters that is being trained, random planes hardly ever show that "
        "the landscape curves down: fewer than one in a hundred do.",
        "ours: 06.2 for a larger network",
        f"{ON_DIGITS}, cross-entropy, after 30 steps; each seed has its own digits and start; "
        f"{RANDOM}",
        "fraction of planes that curve down along some direction",
        SEEDS,
        share_of_planes(on_digits, 30),
        below=0.01,
        varied=(
            Variation("before training", share_of_planes(on_digits, 0), "training has begun"),
            Variation(
                "after 10 steps instead of 30",
                share_of_planes(on_digits, 10),
                "training has gone on for a while",
            ),
            Variation(
                "ReLU instead of tanh",
                share_of_planes(lambda seed: on_digits(seed, nn.ReLU), 30),
                "the units are tanh",
            ),
        ),
        cell="c06-29",
    ),
]
