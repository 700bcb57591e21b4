"""Write what PyTorch computes, for the tests of the engine that runs in browsers.

    python tools/engine_numbers.py

Data, points, losses, gradients, eigenvalues of Hessians, a plane, and where 600 steps of each
optimiser lead: `widgets/js/tests/engine.test.js` compares its own numbers with them.
"""

import base64
import json
from pathlib import Path

import torch
from torch import Tensor

from lossviz_helpers import (
    Objective,
    Slice,
    descend,
    diagonal,
    gradient,
    hessian,
    model_1,
    model_2,
    model_3,
    scan,
    squared_error,
    xor,
)
from lossviz_helpers.datasets import Dataset

FILE = Path(__file__).parents[1] / "lossviz_helpers/widgets/js/tests/engine.json"
STEPS = 600
OPTIMIZERS = {
    "sgd": {"optimizer": torch.optim.SGD, "lr": 0.5},
    "momentum": {"optimizer": torch.optim.SGD, "lr": 0.1, "momentum": 0.9},
    "adam": {"optimizer": torch.optim.Adam, "lr": 0.02},
}


def landscapes() -> dict[str, tuple[str, Objective]]:
    """By name: which data, and the landscape."""
    data = {"diagonal": diagonal(), "xor": xor()}
    nets = {"tanh": "sigmoid", "sigmoid": "linear", "relu": "tanh", "linear": "relu"}
    found = {
        "model_1": ("diagonal", model_1()),
        "model_2": ("diagonal", model_2()),
        "model_2_xor": ("xor", model_2()),
    }
    for hidden, output in nets.items():
        found[f"{hidden}-{output}"] = ("xor", model_3(hidden=hidden, output=output))
    return {
        name: (on, Objective(model, data[on], squared_error)) for name, (on, model) in found.items()
    }


def encoded(data: Dataset) -> dict[str, str]:
    """Inputs and targets, float64, little-endian, as base64."""
    return {
        name: base64.b64encode(values.numpy().astype("<f8").tobytes()).decode()
        for name, values in (("x", data.x), ("y", data.y))
    }


def numbers_of(L: Objective, seeds: range = range(3)) -> dict[str, object]:
    """At starts and 3 times as far out: loss, gradient, eigenvalues; and the ends of walks."""
    starts = L.initial_points(seeds)
    points = torch.cat([starts, 3 * starts])
    walks = {
        name: descend(L, starts[0], STEPS, **options).end for name, options in OPTIMIZERS.items()
    }
    vectors = torch.linalg.eigh(hessian(L, points[0])).eigenvectors
    view = Slice(points[0], vectors[:, [0, -1]].T.contiguous())
    land = scan(L, view, (5, 5), ((-2.0, 2.0), (-1.0, 3.0)), progress=False)
    return {
        "points": points.tolist(),
        "loss": L(points).tolist(),
        "gradient": gradient(L, points).tolist(),
        "eigenvalues": [torch.linalg.eigvalsh(hessian(L, p)).tolist() for p in points],
        "hessian": hessian(L, points[1]).flatten().tolist(),
        "walks": {name: end.tolist() for name, end in walks.items()},
        "plane": {"directions": view.directions.tolist(), "loss": Tensor.tolist(_rows(land.loss))},
    }


def _rows(loss: object) -> Tensor:
    return torch.as_tensor(loss).T.flatten()  # α₁ fastest


def numbers() -> dict[str, object]:
    """All of it."""
    found: dict[str, object] = {"steps": STEPS, "optimizers": {}}
    found["optimizers"] = {
        name: {key: value for key, value in options.items() if key != "optimizer"}
        for name, options in OPTIMIZERS.items()
    }
    found["data"] = {"diagonal": encoded(diagonal()), "xor": encoded(xor())}
    for name, (on, L) in landscapes().items():
        found[name] = {"data": on, "P": L.P, **numbers_of(L)}
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(numbers()) + "\n", encoding="utf-8")
