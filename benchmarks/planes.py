"""How fast is a plane of models, next to a plain PyTorch loop in the same process?

    python benchmarks/planes.py

Prints ratios, medians of several runs, on one thread: times differ from machine to machine, and
on a busy one from minute to minute.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial

import torch

from lossviz_helpers import (
    Objective,
    Slice,
    conv_net,
    cross_entropy,
    descend,
    digit_classifier,
    digits,
    model_3,
    plan,
    scan,
    squared_error,
    xor,
)

RUNS, LOOPED = 7, 300


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def medians(*works: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Seconds of each, taken in turns, so that a slow minute of the machine hits all alike."""
    for work in works:
        work()
    rounds = [[seconds(work) for work in works] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def looped(model: torch.nn.Module, data, points: torch.Tensor) -> torch.Tensor:
    """Set parameters, forward, loss."""
    losses = []
    with torch.no_grad():
        for theta in points:
            torch.nn.utils.vector_to_parameters(theta, model.parameters())
            losses.append(squared_error(model(data.x), data.y))
    return torch.stack(losses)


def planes(dtype: torch.dtype) -> None:
    data, model = xor(500, dtype=dtype), model_3().to(dtype)
    L = Objective(model, data, squared_error)
    path = descend(L, L.point(), steps=300)
    plane, block = (Slice.pca(path.points, dims) for dims in (2, 3))
    land = scan(L, plane, resolution=100, progress=False)

    grid = torch.cartesian_prod(*map(torch.as_tensor, land.axes)).to(dtype)
    expected = looped(model, data, plane.point(grid)).reshape(100, 100).numpy()
    worst = abs(land.loss / expected - 1).max()

    any_module = model_3().to(dtype)
    any_module.register_forward_hook(lambda *_: None)  # no longer a known chain of layers
    G = Objective(any_module, data, squared_error)

    some = plane.point(grid[:: len(grid) // LOOPED][:LOOPED])
    loop, flat, solid, general = medians(
        lambda: looped(model, data, some),
        lambda: scan(L, plane, resolution=100, progress=False),
        lambda: scan(L, block, resolution=40, progress=False),
        lambda: scan(G, plane, resolution=100, progress=False),
    )
    loop, flat, solid, general = LOOPED / loop, 100**2 / flat, 40**3 / solid, 100**2 / general
    print(f"Model 3 on 500 examples, {dtype}".replace("torch.", ""))
    print(f"  plane 100×100 against a plain loop   {flat / loop:6.1f} × as fast (goal: 5)")
    print(f"  the same on the way any module goes  {general / loop:6.1f} × as fast (goal: 5)")
    print(f"  volume 40×40×40 against the plane    {solid / flat:6.2f} × as fast (goal: 1)")
    print(f"  models a second: loop {loop:,.0f}, plane {flat:,.0f}, volume {solid:,.0f}")
    print(f"  losses of plane and loop differ by   {worst:.0e} at most (goal: 1e-05)")


def estimates() -> None:
    train, _ = digits()
    images = (train.x.view(-1, 1, 8, 8), train.y)
    landscapes = {
        "Model 3, 200²": (Objective(model_3(), xor(500), squared_error), 200),
        "a net for digits, 51²": (Objective(digit_classifier(), train, cross_entropy), 51),
        "a residual net, 12²": (Objective(conv_net().eval(), images, cross_entropy), 12),
    }
    print("What plan() says a scan will take, and what it takes (goal: within a factor of 2)")
    for name, (L, resolution) in landscapes.items():
        view, ratios = Slice.random(L.point()), []
        for _ in range(5):
            said = plan(L, view, resolution).seconds
            took = seconds(partial(scan, L, view, resolution, progress=False))
            ratios.append(said / took)
        print(f"  {name:<24} {statistics.median(ratios):.2f} × (from {min(ratios):.2f}", end="")
        print(f" to {max(ratios):.2f})")


def training(threads: int) -> None:
    L = Objective(model_3(), xor(500), squared_error)
    starts = L.initial_points(range(10))

    def train(n: int) -> None:
        torch.set_num_threads(n)
        descend(L, starts, steps=1000)

    one, default = medians(lambda: train(1), lambda: train(threads), runs=3)
    print("Training ten starts of Model 3 for 1000 steps")
    print(f"  {default:.1f} s with {threads} threads set, as PyTorch does by itself")
    print(f"  {default / one:.2f} × the time with one thread set (goal: 1)")


if __name__ == "__main__":
    default = torch.get_num_threads()
    torch.set_num_threads(1)
    planes(torch.float64)
    planes(torch.float32)
    estimates()
    training(default)
