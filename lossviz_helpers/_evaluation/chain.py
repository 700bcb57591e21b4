"""Chains of linear layers: many models of one shape, evaluated as one.

A chain alternates linear layers and element-wise functions, like Model 3 and every plain
multi-layer perceptron. A stack of such models is evaluated with a few large matrix products
and in-place functions, in memory that is reused. Other models go through `torch.func.vmap`.
"""

import math
import operator
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from .tracing import traced


class Affine(NamedTuple):
    """h ↦ scale·h + shift. It can be folded into a linear layer next to it."""

    scale: float = 1
    shift: float = 0

    def __call__(self, h: Tensor, out: Tensor) -> Tensor:
        torch.mul(h, self.scale, out=out)
        return out.add_(self.shift) if self.shift else out

    def then(self, other: "Affine") -> "Affine":
        """First this, then the other."""
        return Affine(self.scale * other.scale, self.shift * other.scale + other.shift)


class InPlace(Protocol):
    """An element-wise function that writes its result to `out`."""

    def __call__(self, h: Tensor, /, *, out: Tensor) -> Tensor: ...


class Linear(NamedTuple):
    """A linear layer as found in the model: where its parameters are, and what follows it."""

    weights: slice
    biases: slice
    shape: tuple[int, int]
    functions: list[InPlace]


class Layer(NamedTuple):
    """A linear layer of a chain, and what follows it.

    Attributes:
        weights, biases: where they are in a point.
        shape: units, inputs.
        before: applied to the inputs; folded into weights and biases.
        scale: multiplies the pre-activations; folded in as well.
        functions: applied to the pre-activations, each called as `f(h, out=h)`.
    """

    weights: slice
    biases: slice
    shape: tuple[int, int]
    before: Affine
    scale: float
    functions: list[InPlace]


def _relu(h: Tensor, out: Tensor) -> Tensor:
    return torch.clamp(h, min=0, out=out)


# element-wise functions of one tensor that take `out=`, and those of a tensor and a number
_UNARY: dict[Any, InPlace] = {
    torch.sigmoid: torch.sigmoid,
    torch.tanh: torch.tanh,
    torch.relu: _relu,
    F.relu: _relu,
    F.tanh: torch.tanh,
    F.sigmoid: torch.sigmoid,
    operator.neg: Affine(-1),
    torch.sin: torch.sin,
}
_WITH_NUMBER: dict[Any, Callable[[float], Affine | None]] = {
    operator.mul: lambda number: Affine(number),
    torch.mul: lambda number: Affine(number),
    operator.add: lambda number: Affine(1, number),
    torch.add: lambda number: Affine(1, number),
    operator.sub: lambda number: Affine(1, -number),
    torch.sub: lambda number: Affine(1, -number),
    operator.truediv: lambda number: Affine(1 / number) if number else None,
    torch.div: lambda number: Affine(1 / number) if number else None,
}
_MODULES: dict[type, InPlace] = {nn.Sigmoid: torch.sigmoid, nn.Tanh: torch.tanh, nn.ReLU: _relu}


class Chain:
    """A stack of chains: linear layers with element-wise functions between them.

    Args:
        layers: the linear layers, and what follows each.
        squeeze: whether the last dimension of the outputs, of size 1, is dropped.
    """

    def __init__(self, layers: list[Layer], squeeze: bool):
        self.layers, self.squeeze = layers, squeeze
        self._memory = threading.local()

    @classmethod
    def of(cls, model: nn.Module, names: list[str]) -> "Chain | None":
        """The model as a chain; None if it isn't one, or if some of its layers are frozen.

        Args:
            model: any module.
            names: its trainable parameters, in the order in which they appear in a point.

        >>> from lossviz_helpers import models
        >>> net = models.model_3()
        >>> Chain.of(net, [n for n, _ in net.named_parameters()]) is None
        False
        >>> Chain.of(nn.LSTM(2, 3), ["weight_ih_l0"]) is None
        True
        """
        net = traced(model)
        if net is None:
            return None
        places, begin = {}, 0
        parameters = dict(model.named_parameters())
        for name in names:
            places[name] = slice(begin, begin + parameters[name].numel())
            begin = places[name].stop
        linear: list[Linear] = []
        used: set[str] = set()
        squeeze = False
        nodes = list(net.graph.nodes)
        if len([n for n in nodes if n.op == "placeholder"]) != 1:
            return None
        for before, node in pairwise(nodes):
            inputs = node.all_input_nodes
            if inputs != [before] or (squeeze and node.op != "output"):
                return None
            if node.op == "output":
                break
            module = model.get_submodule(str(node.target)) if node.op == "call_module" else None
            if isinstance(module, nn.Linear) and type(module) is nn.Linear:
                weight, bias = f"{node.target}.weight", f"{node.target}.bias"
                if weight not in places or bias not in places or weight in used:
                    return None
                used |= {weight, bias}
                shape = module.out_features, module.in_features
                linear.append(Linear(places[weight], places[bias], shape, []))
            elif linear and (function := _element_wise(node, module)):
                linear[-1].functions.append(function)
            elif node.op == "call_method" and node.target == "squeeze" and node.args[1:] == (-1,):
                squeeze = bool(linear) and linear[-1].shape[0] == 1
                if not squeeze:
                    return None
            else:
                return None
        return cls(_layers(linear), squeeze) if linear and len(used) == len(names) else None

    def outputs(
        self,
        x: Tensor,
        basis: Tensor,
        coefficients: Tensor | None = None,
        size: int | None = None,
    ) -> Iterator[Tensor]:
        """Outputs of the models at the given points, stack by stack; not differentiable.

        Args:
            x: inputs, shape `(N, inputs)`.
            basis: the points, shape `(n, P)`, if there are no coefficients.
            coefficients: shape `(n, m)`: the points are `coefficients @ basis`, with a basis of
                shape `(m, P)`. The first layer is linear in the point, so if the basis is small its
                pre-activations are computed for the basis only, and then combined.
            size: how many points a stack has; None for all.

        Yields:
            Shape `(size, N, outputs)`, or `(size, N)` if the model drops the last dimension. It
            stays valid until the next one is requested.
        """
        first, *later = self.layers
        ones = torch.cat([x.T, x.new_ones(1, len(x))])
        basis = self._folded(basis)
        rows = basis if coefficients is None else coefficients
        sums = None
        if coefficients is not None and len(basis) <= first.shape[1] + 2:
            sums = (_augmented(first, basis) @ ones).view(len(basis), -1)
        size = size or len(rows)
        for begin in range(0, max(1, len(rows)), size):
            part = slice(begin, begin + size)
            # one stack of points at a time: those of a whole chunk wouldn't fit in the cache
            stack = rows[part] if coefficients is None else rows[part] @ basis
            h = self._buffer(0, (len(stack), first.shape[0], len(x)), x)
            if sums is not None:
                torch.mm(rows[part], sums, out=h.flatten(1))
            else:
                torch.mm(_augmented(first, stack), ones, out=h.flatten(0, 1))
            self._apply(first, h)
            for i, layer in enumerate(later, start=1):
                out = self._buffer(i, (len(stack), layer.shape[0], len(x)), x)
                weights = stack[:, layer.weights].view(len(stack), *layer.shape)
                torch.baddbmm(stack[:, layer.biases, None], weights, h, out=out)
                self._apply(layer, out)
                h = out
            yield h[:, 0] if self.squeeze else h.transpose(1, 2)

    def _folded(self, points: Tensor) -> Tensor:
        """The same models with the affine functions folded into weights and biases."""
        if all(layer.before == Affine() and layer.scale == 1 for layer in self.layers):
            return points
        points = points.clone()
        for layer in self.layers:
            weights, biases = points[:, layer.weights], points[:, layer.biases]
            if layer.before.shift:
                totals = weights.reshape(-1, *layer.shape).sum(-1)
                biases += layer.before.shift * totals
            weights *= layer.before.scale * layer.scale
            biases *= layer.scale
        return points

    @staticmethod
    def _apply(layer: Layer, h: Tensor) -> None:
        for function in layer.functions:
            function(h, out=h)

    def _buffer(self, i: int, shape: tuple[int, ...], like: Tensor) -> Tensor:
        """Memory for a layer, reused: allocating it again takes longer than the computation."""
        size = math.prod(shape)
        buffers: dict[int, Tensor] = self._memory.__dict__.setdefault("buffers", {})
        buffer = buffers.get(i)
        if buffer is None or len(buffer) < size or buffer.dtype != like.dtype:
            buffer = buffers[i] = like.new_empty(size)
        return buffer[:size].view(shape)

    def __deepcopy__(self, memo: object) -> "Chain":
        return Chain(self.layers, self.squeeze)

    def __reduce__(self) -> tuple[type["Chain"], tuple[list[Layer], bool]]:
        return Chain, (self.layers, self.squeeze)


def _augmented(layer: Layer, points: Tensor) -> Tensor:
    """Weights and biases side by side, one row per unit: shape `(c·units, inputs + 1)`."""
    weights = points[:, layer.weights].reshape(-1, *layer.shape)
    return torch.cat([weights, points[:, layer.biases, None]], dim=-1).flatten(0, 1)


def _layers(linear: list[Linear]) -> list[Layer]:
    """Layers with the affine functions next to them folded in."""
    layers, before = [], Affine()
    for i, (weights, biases, shape, functions) in enumerate(linear):
        scale = 1.0
        while functions and isinstance(functions[0], Affine) and functions[0].shift == 0:
            scale, functions = scale * functions[0].scale, functions[1:]
        after = Affine()
        while i + 1 < len(linear) and functions and isinstance(functions[-1], Affine):
            after, functions = functions[-1].then(after), functions[:-1]
        layers.append(Layer(weights, biases, shape, before, scale, functions))
        before = after
    return layers


def _element_wise(node: fx.Node, module: nn.Module | None) -> InPlace | None:
    """The function of an element-wise node, as `f(h, out=h)`; None for other nodes."""
    if node.kwargs and set(node.kwargs) - {"inplace"}:
        return None
    if module is not None:
        return _MODULES.get(type(module))
    target = node.target
    if target in _UNARY and len(node.args) in (1, 2):
        return _UNARY[target]
    if target in _WITH_NUMBER and len(node.args) == 2 and node.op == "call_function":
        a, b = node.args
        if isinstance(b, int | float):
            return _WITH_NUMBER[target](b)
        if isinstance(a, int | float) and target in (operator.mul, operator.add):
            return _WITH_NUMBER[target](a)
    return None
