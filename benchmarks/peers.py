"""How fast is a landscape, next to another package in the same process?

    pip install -c constraints.txt -e ".[bench]"
    python benchmarks/peers.py

The other package is loss-landscapes 3.0.6, with PyTorch's own loss functions. Everything is timed
in turns, and printed as ratios of medians: times differ from machine to machine, and on a busy one
from minute to minute. Each side has one and two threads to choose from. Convolutions are timed in
processes of their own, for there it matters what memory a process has used before.

The other package is timed on fewer points than we are, since points a second is what counts; the
last line says whether its rate depends on how many there are.
"""

import copy
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from planes import medians
from torch import Tensor, nn

from lossviz_helpers import (
    Objective,
    Slice,
    conv_net,
    cross_entropy,
    digits,
    model_3,
    scan,
    squared_error,
    xor,
)

try:
    from loss_landscapes import planar_interpolation
    from loss_landscapes.metrics import Loss as PeerLoss
except ImportError:
    sys.exit(
        "this benchmark compares with loss-landscapes, which is not installed:\n"
        '    pip install -c constraints.txt -e ".[bench]"'
    )

RUNS, CONV_RUNS, THREADS = 7, 5, (1, 2)
CONV_SIDE = 6  # of the plane that is timed
SIGMOIDS = 4  # of Model 3, per example
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}


class Work(NamedTuple):
    """A landscape, for both sides."""

    model: nn.Module
    x: Tensor
    y: Tensor
    loss: Callable
    peer_loss: Callable

    def objective(self, threads: int | None = None) -> Objective:
        return Objective(self.model, (self.x, self.y), self.loss, threads=threads)


def toy(N: int, dtype: torch.dtype) -> Work:
    data = xor(N, dtype=dtype)
    return Work(model_3().to(dtype), data.x, data.y, squared_error, F.mse_loss)


def digit_net(dtype: torch.dtype) -> Work:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)).to(dtype)
    train, _ = digits(dtype=dtype)
    return Work(model, train.x, train.y, cross_entropy, F.cross_entropy)


def convolutions() -> Work:
    train, _ = digits()
    images = train.x.view(-1, 1, 8, 8)
    return Work(conv_net().eval(), images, train.y, cross_entropy, F.cross_entropy)


def general(work: Work) -> Work:
    """The same model on the way that any module goes."""
    model = copy.deepcopy(work.model)
    model.register_forward_hook(lambda *_: None)
    return work._replace(model=model)


def peer_plane(work: Work, view: Slice, steps: int) -> Callable[[], np.ndarray]:
    """A function that has the other package compute the losses of steps² points of a plane."""
    L = work.objective()
    corners = [view.origin, *(view.origin + d for d in view.directions[:2])]
    models = [L.model_at(corner) for corner in corners]
    metric = PeerLoss(work.peer_loss, work.x, work.y)
    return partial(planar_interpolation, *models, metric, steps=steps, deepcopy_model=True)


# Do both compute the same?


def looped(work: Work, L: Objective, points: Tensor) -> np.ndarray:
    with torch.no_grad():
        return np.array([work.loss(L.model_at(p)(work.x), work.y).item() for p in points])


def differences(work: Work, L: Objective, view: Slice, steps: int = 8) -> tuple[float, float]:
    """Largest relative difference of our losses from a plain loop's and from the peer's."""
    rows, columns = 1 - 1 / steps, 1
    land = scan(L, view, (steps, steps + 1), ((0, rows), (0, columns)), progress=False)
    alpha = torch.cartesian_prod(*map(torch.as_tensor, land.axes)).to(L.dtype)
    expected = looped(work, L, view.point(alpha)).reshape(land.loss.shape)
    # the peer walks to and fro, one step ahead on its way forth: its even rows begin at 1/steps
    theirs = [row[i % 2 == 0 :][:steps] for i, row in enumerate(land.loss)]
    found = peer_plane(work, view, steps)()
    return abs(land.loss / expected - 1).max(), abs(np.array(theirs) / found - 1).max()


# Rates


def rates(*works: tuple[Callable[[int], object], int]) -> list[float]:
    """Points a second of each, with the better of one and two threads.

    Each work is a function of the number of threads, with the number of points that it does.
    """

    def on(n: int, work: Callable[[int], object]) -> Callable[[], object]:
        def run() -> None:
            torch.set_num_threads(n)
            work(n)
            torch.set_num_threads(1)

        return run

    times = medians(*(on(n, work) for work, _ in works for n in THREADS), runs=RUNS)
    best = [min(pair) for pair in zip(times[::2], times[1::2], strict=True)]
    return [count / time for (_, count), time in zip(works, best, strict=True)]


def ours(work: Work, view: Slice, steps: int) -> tuple[Callable[[int], object], int]:
    """Our scan of a slice, with as many threads as it is told."""
    L = {n: work.objective(threads=n) for n in THREADS}
    return lambda n: scan(L[n], view, steps, progress=False), steps**view.dims


def peers(work: Work, view: Slice, steps: int) -> tuple[Callable[[int], object], int]:
    """The other package's plane."""
    plane = peer_plane(work, view, steps)
    return lambda n: plane(), steps**2


def sigmoids(dtype: torch.dtype) -> tuple[Callable[[int], object], int]:
    values = torch.randn(2**17, dtype=dtype)  # more than PyTorch leaves to one thread
    out = torch.empty_like(values)
    return lambda n: [torch.sigmoid(values, out=out) for _ in range(25)], 25 * len(values)


def products(dtype: torch.dtype, size: int = 512) -> tuple[Callable[[int], object], int]:
    a = torch.randn(size, size, dtype=dtype)
    out = torch.empty_like(a)
    return lambda n: [torch.mm(a, a, out=out) for _ in range(4)], 4 * 2 * size**3


def say(what: str, ratio: float, goal: float | None) -> None:
    print(f"  {what:<52} {ratio:6.1f} ×" + (f"  (goal: {goal:g})" if goal else ""))


def say_same(work: Work, *objectives: Objective, view: Slice) -> None:
    plain, peer = map(max, zip(*(differences(work, L, view) for L in objectives), strict=True))
    goal = TOLERANCE[view.origin.dtype]
    print(f"  losses differ from a plain loop's by {plain:.0e} at most (goal: {goal:.0e}),")
    print(f"  from loss-landscapes', which adds steps up, by {peer:.0e}")


def planes_and_volumes(N: int, dtype: torch.dtype) -> None:
    goals = {(200, torch.float32): (8, 60, 60), (500, torch.float32): (8, 40, None)}
    general_goal, chain_goal, volume_goal = goals.get((N, dtype), (None, None, None))
    work = toy(N, dtype)
    L, G = work.objective(), general(work).objective()
    plane, block = (Slice.random(L.point(), dims) for dims in (2, 3))
    print(f"\nModel 3, {N} examples, {str(dtype)[6:]}")
    peer, slow, fast, cube, finer, ceiling = rates(
        peers(work, plane, 20),
        ours(general(work), plane, 100),
        ours(work, plane, 100),
        ours(work, block, 40),
        ours(work, block, 64),
        sigmoids(dtype),
    )
    say("plane 100², as any module goes", slow / peer, general_goal)
    say("plane 100², as a chain of layers", fast / peer, chain_goal)
    say("volume 40³, against the peer's planes", cube / peer, volume_goal)
    say("volume 64³, against the peer's planes", finer / peer, volume_goal)
    say("volumes 40³ and 64³, against our plane", min(cube, finer) / fast, 1)
    print(f"  points a second: peer {peer:,.0f}, any module {slow:,.0f}, chain {fast:,.0f}", end="")
    print(f", volumes {cube:,.0f} and {finer:,.0f}")
    share = SIGMOIDS * N * fast / ceiling
    print(f"  {ceiling / 1e9:.2f} G sigmoids a second; the plane makes {share:.0%} (aim: 50%)")
    say_same(work, L, G, view=plane)


def digit_plane(dtype: torch.dtype) -> None:
    work = digit_net(dtype)
    L, G = work.objective(), general(work).objective()
    view = Slice.random(L.point())
    print(f"\n64-32-10 on {L.N} digits, {str(dtype)[6:]}")
    peer, slow, fast, ceiling = rates(
        peers(work, view, 12),
        ours(general(work), view, 15),
        ours(work, view, 51),
        products(dtype),
    )
    say("plane 51², as any module goes", slow / peer, None)
    say("plane 51², as a chain of layers", fast / peer, 6 if dtype == torch.float32 else None)
    print(f"  points a second: peer {peer:,.0f}, any module {slow:,.0f}, chain {fast:,.0f}")
    # on a plane, the first layer is three numbers for each unit and example instead of 64
    done = 2 * (3 * 32 + 32 * 10) * L.N * fast / ceiling
    whole = 2 * (64 * 32 + 32 * 10) * L.N * fast / ceiling
    print(f"  {ceiling / 1e9:.0f} GFLOP/s in matrix products, of which the plane makes {done:.0%};")
    print(f"  computing the first layer anew at each point would take {whole:.0%}")
    say_same(work, L, G, view=view)


# Convolutions, in processes of their own


def conv_process(side: str, threads: str) -> None:
    """Print points a second of one side, in a process that does nothing else."""
    torch.set_num_threads(int(threads))
    work = convolutions()
    L = work.objective(threads=int(threads))
    view, n = Slice.random(L.point()), CONV_SIDE
    if side == "peer with memory":  # of a process that has used much, as in training, and keeps it
        torch.empty(31 * 2**20, dtype=torch.uint8)
    sides = {"ours": lambda: scan(L, view, n, progress=False)}
    (seconds,) = medians(sides.get(side) or peer_plane(work, view, n), runs=3)
    print(n**2 / seconds)


def conv_plane() -> None:
    work = convolutions()
    L = work.objective()
    sides, found = ("peer", "ours", "peer with memory"), {}
    for _ in range(CONV_RUNS):
        for side in sides:
            for n in THREADS:
                command = [sys.executable, __file__, side, str(n)]
                run = subprocess.run(command, capture_output=True, text=True, check=True)
                found.setdefault((side, n), []).append(float(run.stdout))
    rate = {key: statistics.median(values) for key, values in found.items()}
    best = {side: max(rate[side, n] for n in THREADS) for side in sides}
    print(f"\nResidual net with BatchNorm, {L.P:,} parameters, {L.N} digits 1×8×8, float32")
    say(f"plane {CONV_SIDE}²", best["ours"] / best["peer"], 2)
    for n in THREADS:
        say(f"the same, both with {n} thread(s)", rate["ours", n] / rate["peer", n], None)
    say("against a peer that kept its memory", best["ours"] / best["peer with memory"], None)
    print("  points a second: " + ", ".join(f"{side} {rate:,.0f}" for side, rate in best.items()))
    print(f"  timed in processes of their own; {L.flops * L.N / 1e9:.2f} GFLOP each")
    say_same(work, L, view=Slice.random(L.point()))


def peer_rate_depends_on_size() -> None:
    work = toy(200, torch.float32)
    view = Slice.random(work.objective().point())
    few, many = rates(peers(work, view, 20), peers(work, view, 100))
    print(f"\nloss-landscapes on 100² points against 20²: {many / few:.2f} × as many a second")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        conv_process(*sys.argv[1:])
    else:
        for dtype in TOLERANCE:
            planes_and_volumes(200, dtype)
            planes_and_volumes(500, dtype)
            digit_plane(dtype)
        conv_plane()
        peer_rate_depends_on_size()
