"""Planes on a GPU, or on this processor: points per second, and the share of the matmul rate.

    python benchmarks/devices.py          # a CUDA device if there is one, else the processor
    python benchmarks/devices.py cpu

Prints a table for RESULTS.md: medians of five runs, in one process. On a processor the largest row
is smaller, and says so. Errors are against the same plane in float64, or in float32 where that
would take too long; TF32 and bfloat16 are options, and this is what they cost.
"""

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager

import numpy as np
import torch

from lossviz_helpers import (
    Objective,
    Slice,
    conv_net,
    cross_entropy,
    digit_classifier,
    digits,
    model_3,
    scan,
    squared_error,
    xor,
)

RUNS = 5


def seconds(work: Callable[[], object], device: str, runs: int = RUNS) -> float:
    """Median time of some work, after a first run that doesn't count."""
    taken = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        work()
        if device == "cuda":
            torch.cuda.synchronize()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken[1:])


def matmul_rate(device: str, dtype: torch.dtype) -> float:
    """FLOP per second of a large matrix product."""
    n = 8192 if device == "cuda" else 1024
    a = torch.randn(n, n, device=device).to(dtype)
    return 2 * n**3 / seconds(lambda: a @ a, device)


def row(name: str, L: Objective, resolution: int, reference=None, runs: int = RUNS) -> np.ndarray:
    """Time a plane, print a line of the table, return the losses."""
    view = Slice.random(L.point().double().cpu(), 2, filters=L.filters.cpu())
    spent = seconds(lambda: scan(L, view, resolution, progress=False), L.device.type, runs)
    loss = scan(L, view, resolution, progress=False).loss
    rate = resolution**2 / spent
    share = rate * L.flops * L.N / matmul_rate(L.device.type, L.precision)
    error = "" if reference is None else f"{np.nanmax(np.abs(loss / reference - 1)):.0e}"
    print(f"| {name} | {resolution}² | {rate:,.1f} | {share:.1%} | {error} |", flush=True)
    return loss


@contextmanager
def products(precision: str):
    """What PyTorch may do with products of float32 numbers: "highest", or "high" for TF32."""
    before = torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32
    torch.set_float32_matmul_precision(precision)
    torch.backends.cudnn.allow_tf32 = precision != "highest"
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before[0])
        torch.backends.cudnn.allow_tf32 = before[1]


def small_nets(device: str) -> None:
    for n in (200, 500):
        L = Objective(model_3(), xor(n), squared_error, device=device)
        exact = row(f"Model 3, {n} examples, float64", L, 100)
        data = xor(n, dtype=torch.float32)
        L = Objective(model_3().float(), data, squared_error, device=device)
        row(f"Model 3, {n} examples, float32", L, 100, exact)
    train, _ = digits()
    net = digit_classifier(width=32)
    L = Objective(net, train, cross_entropy, device=device, dtype=torch.float64)
    exact = row("64-32-10 on digits, float64", L, 51)
    for dtype in (torch.float32, torch.bfloat16):
        L = Objective(net, train, cross_entropy, device=device, dtype=dtype)
        row(f"64-32-10 on digits, {dtype}".replace("torch.", ""), L, 51, exact)


def resnet_56(device: str) -> None:
    examples, resolution = (10_000, 51) if device == "cuda" else (20, 3)
    generator = torch.Generator().manual_seed(0)
    pictures = torch.randn(examples, 3, 32, 32, generator=generator)
    labels = torch.randint(10, (examples,), generator=generator)
    net = conv_net(blocks=9, width=16, channels=3).eval()
    exact = None
    for name, dtype, precision in (
        ("float32", torch.float32, "highest"),
        ("TF32", torch.float32, "high"),
        ("bfloat16", torch.bfloat16, "highest"),
    ):
        L = Objective(net, (pictures, labels), cross_entropy, device=device, dtype=dtype)
        with products(precision):
            title = f"ResNet-56 shape, {examples:,} pictures, {name}"
            found = row(title, L, resolution, exact, runs=1)
        exact = found if exact is None else exact


def main(device: str) -> None:
    place = torch.cuda.get_device_name() if device == "cuda" else "this processor"
    print(f"{place}, torch {torch.__version__}, medians of {RUNS}\n")
    for dtype in (torch.float32, torch.bfloat16):
        rate = matmul_rate(device, dtype)
        print(f"matmul {dtype}: {rate / 1e12:.3g} TFLOP/s".replace("torch.", ""))
    print("\n| work | grid | points/s | share of matmul rate | largest relative error |")
    print("|---|---|--:|--:|--:|", flush=True)
    small_nets(device)
    resnet_56(device)


if __name__ == "__main__":
    available = "cuda" if torch.cuda.is_available() else "cpu"
    main(sys.argv[1] if len(sys.argv) > 1 else available)
