"""BatchNorm in evaluation mode is affine, so it can be folded into the convolution before it.

BatchNorm multiplies channel c by γ_c/√(var_c + ε) and shifts it; the convolution's own weights and
biases can do the same. This saves one pass over the output of every layer, and a fifth of the time
for a residual net. The weights and γ still belong to the point, so they are folded at every point.
"""

import copy
from collections import Counter
from typing import NamedTuple

from torch import Tensor, fx, nn

from .tracing import traced

_CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


class Pair(NamedTuple):
    """The names of a convolution and of the norm after it, and the norm's ε."""

    convolution: str
    norm: str
    eps: float


class Folded:
    """A model whose BatchNorms are folded into the convolutions before them.

    Attributes:
        net: the model without those norms, to be called with `parameters(…)`.
        pairs: what was folded.
    """

    def __init__(self, net: nn.Module, pairs: list[Pair], given: dict[str, Tensor]):
        self.net, self.pairs, self._given = net, pairs, given

    @classmethod
    def of(cls, model: nn.Module) -> "Folded | None":
        """The folded model; None if there is nothing to fold, or its code can't be traced.

        >>> from lossviz_helpers import models
        >>> len(Folded.of(models.conv_net().eval()).pairs)
        7
        >>> Folded.of(models.digit_classifier()) is None
        True
        """
        net = traced(model)
        if net is None:
            return None
        modules = dict(net.named_modules())
        uses = Counter(node.target for node in net.graph.nodes if node.op == "call_module")
        owners = Counter(id(p) for _, p in model.named_parameters(remove_duplicate=False))
        pairs = []
        for node in net.graph.nodes:
            before = node.args[0] if node.op == "call_module" and node.args else None
            if not isinstance(before, fx.Node) or before.op != "call_module":
                continue
            names = str(before.target), str(node.target)
            convolution, norm = (modules[name] for name in names)
            fits = type(convolution) in _CONVOLUTIONS and type(norm) in _NORMS
            alone = len(before.users) == 1 and uses[names[0]] == uses[names[1]] == 1
            parameters = [*convolution.parameters(), *norm.parameters()]
            alone = alone and all(owners[id(p)] == 1 for p in parameters)
            if fits and alone and not norm.training and norm.running_var is not None:
                pairs.append(Pair(*names, norm.eps))
                node.replace_all_uses_with(before)
                net.graph.erase_node(node)
        for pair in pairs:
            _add_bias(net, pair.convolution)
        net.recompile()
        net.delete_all_unused_submodules()
        given = {**dict(model.named_parameters()), **dict(model.named_buffers())}
        return cls(net, pairs, given) if pairs else None

    def parameters(self, own: dict[str, Tensor]) -> dict[str, Tensor]:
        """Parameters of `net` at a point.

        Args:
            own: the model's parameters there, by name.
        """
        folded, values = dict(own), {**self._given, **own}
        for convolution, norm, eps in self.pairs:
            scale = (values[f"{norm}.running_var"] + eps).rsqrt()
            scale = scale * values.get(f"{norm}.weight", 1)
            weight = values[f"{convolution}.weight"]
            bias = values.get(f"{convolution}.bias", 0) - values[f"{norm}.running_mean"]
            folded[f"{convolution}.weight"] = weight * scale.view(-1, *[1] * (weight.ndim - 1))
            folded[f"{convolution}.bias"] = bias * scale + values.get(f"{norm}.bias", 0)
            folded.pop(f"{norm}.weight", None)
            folded.pop(f"{norm}.bias", None)
        return folded


def _add_bias(net: nn.Module, name: str) -> None:
    """Replace a convolution with a copy that has biases."""
    owner, _, attribute = name.rpartition(".")
    old = net.get_submodule(name)
    assert isinstance(old, _CONVOLUTIONS)
    new = copy.copy(old)
    bias = nn.Parameter(old.weight.new_zeros(len(old.weight)))
    new._parameters = {**old._parameters, "bias": bias}
    setattr(net.get_submodule(owner), attribute, new)
