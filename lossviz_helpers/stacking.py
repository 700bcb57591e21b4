"""Many models of one shape, evaluated as one: the fast way for chains of linear layers.

A chain alternates linear layers and element-wise functions, like Model 3 and every plain
multi-layer perceptron. A stack of such models is a few large matrix products and functions applied
in place, in memory that is used again and again. Other models go through `torch.func.vmap`.
"""

import operator
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn


def _relu(h: Tensor, out: Tensor) -> Tensor:
    return torch.clamp(h, min=0, out=out)


def _with_number(function: Callable, number: float, h: Tensor, out: Tensor) -> Tensor:
    return function(h, number, out=out)


# element-wise functions of one tensor, and of a tensor and a number, that take `out=`
_UNARY = {
    torch.sigmoid: torch.sigmoid,
    torch.tanh: torch.tanh,
    torch.relu: _relu,
    F.relu: _relu,
    F.tanh: torch.tanh,
    F.sigmoid: torch.sigmoid,
    operator.neg: torch.neg,
    torch.sin: torch.sin,
}
_BINARY = {
    operator.mul: torch.mul,
    torch.mul: torch.mul,
    operator.add: torch.add,
    torch.add: torch.add,
    operator.sub: torch.sub,
    torch.sub: torch.sub,
    operator.truediv: torch.div,
    torch.div: torch.div,
}
_MODULES = {nn.Sigmoid: torch.sigmoid, nn.Tanh: torch.tanh, nn.ReLU: torch.relu}


class Chain:
    """A stack of chains: linear layers with element-wise functions between them.

    Args:
        layers: for each linear layer: where its weights and biases begin in a point, its shape
            `(units, inputs)`, and the functions that follow it, each called as `f(h, out=h)`.
        squeeze: whether the last axis of the outputs, of length 1, is dropped.
    """

    def __init__(
        self, layers: list[tuple[int, int, tuple[int, int], list[Callable]]], squeeze: bool
    ):
        self.layers, self.squeeze = layers, squeeze
        self._buffers: dict[int, Tensor] = {}

    @classmethod
    def of(cls, model: nn.Module, names: list[str]) -> "Chain | None":
        """The chain that a model is; None if it is none, or if some of its layers are frozen.

        Args:
            model: any module.
            names: its trainable parameters, in the order in which a point holds them.

        >>> from lossviz_helpers import models
        >>> net = models.model_3()
        >>> Chain.of(net, [n for n, _ in net.named_parameters()]) is None
        False
        >>> Chain.of(nn.LSTM(2, 3), ["weight_ih_l0"]) is None
        True
        """
        if any(m._forward_hooks or m._forward_pre_hooks for m in model.modules()):
            return None
        try:
            graph = fx.symbolic_trace(model).graph
        except Exception:  # control flow that depends on the data, say: no chain
            return None
        begins, begin = {}, 0
        sizes = dict(model.named_parameters())
        for name in names:
            begins[name] = begin
            begin += sizes[name].numel()
        layers, squeeze, used = [], False, set()
        nodes = list(graph.nodes)
        if len([n for n in nodes if n.op == "placeholder"]) != 1:
            return None
        for before, node in pairwise(nodes):
            inputs = node.all_input_nodes
            if inputs != [before] or (squeeze and node.op != "output"):
                return None
            if node.op == "output":
                break
            module = model.get_submodule(node.target) if node.op == "call_module" else None
            if isinstance(module, nn.Linear) and type(module) is nn.Linear:
                weight, bias = f"{node.target}.weight", f"{node.target}.bias"
                if weight not in begins or bias not in begins or weight in used:
                    return None
                used |= {weight, bias}
                layers.append((begins[weight], begins[bias], tuple(module.weight.shape), []))
            elif layers and (function := _element_wise(node, module)):
                layers[-1][3].append(function)
            elif node.op == "call_method" and node.target == "squeeze" and node.args[1:] == (-1,):
                squeeze = bool(layers) and layers[-1][2][0] == 1
                if not squeeze:
                    return None
            else:
                return None
        return cls(layers, squeeze) if layers and len(used) == len(names) else None

    def outputs(
        self, points: Tensor, x: Tensor, combination: tuple[Tensor, Tensor] | None = None
    ) -> Tensor:
        """Outputs of the models at the given points; not differentiable.

        Args:
            points: shape `(c, P)`.
            x: inputs, shape `(N, inputs)`.
            combination: coefficients `(c, m)` and basis `(m, P)` whose product the points are, if
                that is known. The first layer is linear in the point, so its sums can be computed
                for the basis and then combined, which is cheaper if the basis is small.

        Returns:
            Shape `(c, N, outputs)`, or `(c, N)` if the model drops the last axis. It stays valid
            until the next call.
        """
        c, N = len(points), len(x)
        coefficients, basis = combination or (None, points)
        h = None
        for i, (at_weight, at_bias, (units, inputs), functions) in enumerate(self.layers):
            out = self._buffer(i, c * units * N, x).view(c, units, N)
            if h is None:
                ones = torch.cat([x.T, x.new_ones(1, N)])
                few = len(basis) if combination and len(basis) <= inputs else 0
                source = basis if few else points
                weights = source[:, at_weight : at_weight + units * inputs]
                biases = source[:, at_bias : at_bias + units]
                augmented = torch.cat(
                    [weights.reshape(-1, units, inputs), biases[..., None]], dim=-1
                ).reshape(-1, inputs + 1)
                if few:
                    torch.mm(coefficients, (augmented @ ones).view(few, -1), out=out.view(c, -1))
                else:
                    torch.mm(augmented, ones, out=out.view(-1, N))
            else:
                weights = points[:, at_weight : at_weight + units * inputs]
                biases = points[:, at_bias : at_bias + units, None]
                torch.baddbmm(biases, weights.reshape(c, units, inputs), h, out=out)
            for function in functions:
                function(out, out=out)
            h = out
        return h[:, 0] if self.squeeze else h.transpose(1, 2)

    def _buffer(self, i: int, size: int, like: Tensor) -> Tensor:
        """Memory of a layer: asking the system for it anew costs more than the sums themselves."""
        buffer = self._buffers.get(i)
        if buffer is None or len(buffer) < size or buffer.dtype != like.dtype:
            buffer = self._buffers[i] = like.new_empty(size)
        return buffer[:size]

    def __deepcopy__(self, memo) -> "Chain":
        return Chain(self.layers, self.squeeze)

    def __getstate__(self) -> dict:
        return {"layers": self.layers, "squeeze": self.squeeze, "_buffers": {}}


def _element_wise(node: fx.Node, module: nn.Module | None) -> Callable | None:
    """The function of an element-wise node, as `f(h, out=h)`; None if it is another."""
    target = _MODULES.get(type(module)) if module is not None else node.target
    if node.kwargs and set(node.kwargs) - {"inplace"}:
        return None
    if target in _UNARY and len(node.args) in (1, 2):
        return _UNARY[target]
    if target in _BINARY and len(node.args) == 2 and node.op == "call_function":
        a, b = node.args
        function = _BINARY[target]
        if isinstance(b, int | float):
            return partial(_with_number, function, b)
        if isinstance(a, int | float) and target in (operator.mul, operator.add):
            return partial(_with_number, function, a)
    return None
