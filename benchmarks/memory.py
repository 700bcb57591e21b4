"""Does the memory of a scan grow with the grid? And does it stay below a budget?

    python benchmarks/memory.py

Each scan runs in a process of its own. Printed is by how much its peak grew while scanning.
Linux and macOS only: other systems keep no record of the peak.
"""

import resource
import subprocess
import sys

from torch import nn

from lossviz_helpers import (
    Objective,
    Slice,
    cross_entropy,
    digits,
    model_3,
    scan,
    squared_error,
    xor,
)

RESOLUTIONS = (51, 201, 401)
BUDGETS = (None, 16, 4)  # megabytes; the first is the default, a quarter of what is free
UNIT = 1 if sys.platform == "darwin" else 1024  # of the peak that the system reports


def landscape(name: str, budget: int | None) -> Objective:
    if name == "Model 3":
        return Objective(model_3(), xor(), squared_error, budget=budget)
    train, _ = digits()
    net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    return Objective(net, train, cross_entropy, budget=budget)


def peak() -> float:
    """The process's largest memory so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 1e6


def measure(name: str, resolution: str, budget: str) -> None:
    """Print by how many megabytes a scan's peak lies above what was there before."""
    L = landscape(name, int(budget) * 10**6 if budget else None)
    view, before = Slice.random(L.point()), peak()
    scan(L, view, int(resolution), progress=False)
    print(peak() - before)


def grown(*arguments: object) -> float:
    command = [sys.executable, __file__, *map(str, arguments)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(*sys.argv[1:])
    else:
        for name in ("Model 3", "64-32-10 on digits"):
            for budget in BUDGETS:
                found = [grown(name, n, budget or "") for n in RESOLUTIONS]
                sizes = ", ".join(
                    f"{n}²: {mb:.0f} MB" for n, mb in zip(RESOLUTIONS, found, strict=True)
                )
                limit = f"budget {budget} MB" if budget else "default budget"
                print(f"{name + ', ' + limit:<40} {sizes}")
